from __future__ import annotations

import pytest

from tests.unit.manifest.support import problem, service

START = "start: run-worker"
IMAGE = "image: postgres:16-alpine"


def test_of_a_build() -> None:
    assert service("worker").start == "run-worker"
    assert service("worker", START, 'start: "alembic upgrade head && uvicorn a:b"').start == (
        "alembic upgrade head && uvicorn a:b"
    )


def test_is_not_interpolated_so_that_the_shell_in_the_container_does_it() -> None:
    assert service("worker", START, "start: serve --port $PORT").start == "serve --port $PORT"


def test_of_an_image() -> None:
    assert service("db", IMAGE, "image: minio/minio\n    start: server /data").start == "server /data"
    assert service("db").start is None
    assert service("db").entrypoint is None


def test_of_an_image_on_a_built_service() -> None:
    assert problem("restart: always", "start: x") == (
        "galley.yaml:9:12: services.api.start: `start` is for image services; this one is built\n"
        "    write it as `build.start`"
    )


@pytest.mark.parametrize("written", ['""', '"  "', "\"'' x\""])
def test_empty(written: str) -> None:
    assert problem(START, f"start: {written}").partition(": ")[2] == (
        "services.worker.build.start: is empty\n"
        "    write a command with its quotes closed, such as `uvicorn app:api --port 8000`"
    )


def test_quote_that_is_not_closed() -> None:
    assert problem(START, "start: echo 'a") == (
        "galley.yaml:14:33: services.worker.build.start: is no command line (no closing quotation)\n"
        "    write a command with its quotes closed, such as `uvicorn app:api --port 8000`"
    )


def test_list() -> None:
    assert problem(START, 'start: [sh, -c, "a && b"]') == (
        "galley.yaml:14:26: services.worker.build.start: must be one command line, not a list\n"
        "    write `sh -c 'a && b'`"
    )
