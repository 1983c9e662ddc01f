"""The applications that are measured."""

from __future__ import annotations

from pathlib import Path

from bench.application import Application, Bulk, Service

EXAMPLES = Path(__file__).parent.parent / "examples"
_DATABASE = "postgres://app:pw@postgres:5432/app"
_CACHE = "redis://cache:6379/0"
SERVER = '''\
"""Answers every request; PORT is where it listens."""
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *words):
        pass


# The first process of a container ignores what it does not handle: who asks it to end would wait in vain.
signal.signal(signal.SIGTERM, lambda *words: sys.exit(0))
ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
'''
DOCKERFILE = """\
FROM python:3.12-alpine
WORKDIR /srv
COPY dependencies.txt .
RUN sort dependencies.txt > installed.txt
COPY . .
CMD ["python3", "-u", "server.py"]
"""
_PORT = 8000


def asked(port: int, path: str) -> tuple[str, ...]:
    """A health check by Python in the service's own container."""
    return ("python3", "-c", f"import urllib.request as r; r.urlopen('http://127.0.0.1:{port}{path}')")


def seed() -> Application:
    """examples/python: an API, a worker and a job of one build, with Postgres and Redis."""
    addresses = {"DATABASE_URL": _DATABASE, "REDIS_URL": _CACHE}
    needs = ("postgres", "cache", "migrate")
    account = {"POSTGRES_USER": "app", "POSTGRES_PASSWORD": "pw", "POSTGRES_DB": "app"}
    ready = ("pg_isready", "-h", "127.0.0.1", "-U", "app")
    worker = "celery -A app.tasks worker -l info"
    migrate, database = "alembic upgrade head", {"DATABASE_URL": _DATABASE}
    probe = asked(_PORT, "/healthz")
    services = (
        Service("api", "api", ".", "", "", _PORT, "/healthz", probe, addresses, needs),
        Service("worker", "worker", ".", command=worker, env=addresses, depends_on=needs),
        Service("migrate", "worker", ".", "", migrate, env=database, depends_on=("postgres",), job=True),
        Service("postgres", "database", image="postgres:16-alpine", port=5432, test=ready, env=account),
        Service("cache", "cache", image="redis:7-alpine", port=6379, test=("redis-cli", "ping")),
    )
    source = EXAMPLES / "python"
    return Application("seed", services, "app/version.py", "requirements.txt", "api", template=source)


def small(count: int, name: str, bulk: Bulk | None = None) -> Application:
    """``count`` services of an image each, that wait in threes for one before them."""
    names = [f"s{number:02}" for number in range(1, count + 1)]
    services = tuple(
        Service(
            name,
            "api",
            build=name,
            port=_PORT,
            path="/",
            test=asked(_PORT, "/"),
            env={"PORT": str(_PORT), "NAME": name},
            depends_on=(names[(number - 1) // 3],) if number else (),
        )
        for number, name in enumerate(names)
    )
    files = {}
    for one in names:
        files[f"{one}/Dockerfile"] = DOCKERFILE
        files[f"{one}/server.py"] = f"{SERVER}# {one}: the same content would be the same image\n"
        files[f"{one}/dependencies.txt"] = "# none\n"
    last = names[-1]
    touched = (f"{last}/server.py", f"{last}/dependencies.txt", last)
    return Application(name, services, *touched, files, bulk=bulk)


def catalog() -> dict[str, Application]:
    """Every application by name, the smallest first."""
    large = Bulk("s01/bulk", 50_000, 1_000_000_000)
    found = (small(1, "tiny"), small(5, "five"), seed(), small(20, "twenty"), small(1, "large", large))
    return {application.name: application for application in found}
