"""The one table, and the way to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import JSON, DateTime, String, Text, create_engine, func
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from app.config import setting, sqlalchemy_url
from app.text import Measurement

# A connection that a restarted database has closed is replaced, and a database that is away is noticed soon.
engine = create_engine(
    sqlalchemy_url(setting(os.environ, "DATABASE_URL")),
    pool_pre_ping=True,
    connect_args={"connect_timeout": 3},
)
new_session = sessionmaker(engine)


class Base(DeclarativeBase):
    """Where the migrations find every table."""


class Task(Base):
    """A text that somebody sent: `pending` until the worker has stored its result, then `done`."""

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default="pending")
    result: Mapped[Measurement | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


def session_per_request() -> Iterator[Session]:
    """A session that is closed, and rolled back if not committed, when the request ends."""
    with new_session() as session:
        yield session
