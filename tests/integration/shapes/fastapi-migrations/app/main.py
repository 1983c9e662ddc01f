"""Answers from a database that a job has migrated."""

from __future__ import annotations

import os

from app.db import engine
from fastapi import FastAPI
from sqlalchemy import text

app = FastAPI()
with engine.connect() as connection:  # without the job, the program does not even start
    REVISION = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()


@app.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/")
def state() -> dict[str, object]:
    with engine.connect() as connection:
        tasks = connection.execute(text("SELECT count(*) FROM tasks")).scalar_one()
    return {"revision": REVISION, "tasks": tasks, "origins": os.environ["ALLOWED_ORIGINS"]}
