"""A real Postgres in the tests' engine, reached over loopback; it has gone when its context is left."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.integration.harness.engine import TEST, Engine
from tests.integration.harness.web import LOOPBACK, eventually

_IMAGE = "postgres:16-alpine"


@dataclass(frozen=True)
class Database:
    """A server with a database for whoever asks for one; ``port`` is on loopback."""

    container: Any
    port: int
    password: str

    def create(self, name: str) -> str:
        """Makes an empty database; returns its URL."""
        assert self.execute("postgres", f'CREATE DATABASE "{name}"')[0] == 0
        return f"postgres://postgres:{self.password}@{LOOPBACK}:{self.port}/{name}?sslmode=disable"

    def execute(self, name: str, statement: str) -> tuple[int, str]:
        """Runs a statement inside the server's container; exit code and output."""
        command = ["psql", "-h", LOOPBACK, "-U", "postgres", "-d", name, "-tAc", statement]
        done = self.container.exec_run(command, environment={"PGPASSWORD": self.password})
        return done.exit_code, done.output.decode("utf-8", "replace").strip()


@contextlib.contextmanager
def started(engine: Engine) -> Iterator[Database]:
    """Starts the server and waits until it answers over TCP: on its socket it does so too early."""
    password = secrets.token_hex(12)
    container = engine.client.containers.run(
        _IMAGE,
        ["-c", "fsync=off"],
        environment={"POSTGRES_PASSWORD": password},
        labels={TEST: engine.session},
        ports={"5432/tcp": (LOOPBACK, None)},
        detach=True,
    )
    try:
        container.reload()
        port = int(container.attrs["NetworkSettings"]["Ports"]["5432/tcp"][0]["HostPort"])
        database = Database(container, port, password)
        eventually(lambda: database.execute("postgres", "SELECT 1") == (0, "1"), "Postgres answers", 120)
        yield database
    finally:
        container.remove(force=True, v=True)
