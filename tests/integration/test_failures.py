"""How an update fails: which service, why, its exit code and last lines, what to do, and the way back."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from tests.integration.conftest import MakePreview
from tests.integration.harness.command import Galley
from tests.integration.harness.preview import Preview
from tests.integration.harness.repository import Repository
from tests.integration.harness.web import LOOPBACK

API = """
    version: 1
    services:
      api:
        kind: api
        build: {path: ./, start: "python3 -u /server.py"}
        expose: 8000
        health: {path: /healthz, timeout: 30s}
      after:
        kind: worker
        build: {path: ./}
        depends_on: [api]
"""
WORKER = """
    version: 1
    services:
      worker:
        kind: worker
        build: {path: ./, start: "python3 -u /server.py"}
"""
START = 'start: "python3 -u /server.py"'


def test_any_other_status_than_the_one_demanded_is_unhealthy(
    small: Repository, make_preview: MakePreview
) -> None:
    with make_preview(small) as preview:
        for path in ("/status/500", "/status/302", "/status/204"):
            health = f"path: {path}, timeout: 6s"
            small.manifest(API).replace("galley.yaml", "path: /healthz, timeout: 30s", health)
            told = preview.fails().err
            assert f"GET {path} answered {path[-3:]}, expected 200" in told
            assert re.search(r"^api: not ready", told, re.MULTILINE)
            assert f'"GET {path} HTTP/1.1" {path[-3:]}' in told, "the service's own last lines"
            assert "after: waited for api" in told
            assert preview.states() == {"api": "failed"}
        small.manifest(API).replace("galley.yaml", "expose: 8000", "expose: 8000\n    env: {PORT: '9'}")
        small.replace("galley.yaml", "timeout: 30s", "timeout: 3s")
        assert "nothing listens there" in preview.fails().err
        small.manifest(API).replace("galley.yaml", "path: /healthz", "path: /status/204, status: 204")
        preview.up()
        assert preview.states() == {"api": "ready", "after": "running"}


def test_a_service_that_crashes_is_told_at_once(small: Repository, make_preview: MakePreview) -> None:
    """Long before the time that its health check is given."""
    small.manifest(API).replace("galley.yaml", "timeout: 30s", "timeout: 200s")
    small.replace("galley.yaml", START, 'start: "echo DATABASE_URL is not set && exit 4"')
    with make_preview(small) as preview:
        done = preview.fails()
        assert done.seconds < 60
        assert "| DATABASE_URL is not set" in done.err
        assert "code 4" in done.err
        assert "after: waited for api" in done.err


@pytest.mark.parametrize("restart", ["unless-stopped", "on-failure"])
def test_a_worker_that_crashes_right_after_its_start(
    small: Repository, make_preview: MakePreview, restart: str
) -> None:
    crashing = 'start: "echo cannot import app.tasks && sleep 0.5 && exit 1"'
    small.manifest(WORKER).replace("galley.yaml", "kind: worker", f"kind: worker\n    restart: {restart}")
    small.replace("galley.yaml", START, crashing)
    with make_preview(small) as preview:
        for _ in range(2):
            told = preview.fails().err
            assert re.search(r"^worker: ", told, re.MULTILINE)
            assert "| cannot import app.tasks" in told
            assert "code 1" in told
            assert "galley logs worker" in told
        small.replace("galley.yaml", crashing, START)
        preview.up()
        assert preview.states() == {"worker": "running"}


def test_an_image_that_cannot_be_pulled(small: Repository, make_preview: MakePreview) -> None:
    wrong = "image: galley-test.invalid/nobody/nothing:1"
    small.manifest(WORKER).replace("galley.yaml", f"build: {{path: ./, {START}}}", wrong)
    with make_preview(small) as preview:
        told = preview.fails().err
        assert re.search(r"^worker: .*galley-test.invalid/nobody/nothing:1", told, re.MULTILINE)
        assert "the registry cannot be reached" in told
        small.replace("galley.yaml", wrong, f"build: {{path: ./, {START}}}")
        preview.up()


def test_a_build_that_fails_shows_its_last_lines(small: Repository, make_preview: MakePreview) -> None:
    small.manifest(WORKER).write(
        "Dockerfile", "FROM python:3.12-alpine\nRUN echo no matching version; exit 5\n"
    )
    with make_preview(small) as preview:
        told = preview.fails().err
        assert re.search(r"^worker: the image could not be built", told, re.MULTILINE)
        assert "no matching version" in told
        assert "exit code: 5" in told
        log = re.search(r"all of its output: (\S+\.log)", told)
        assert log
        assert "no matching version" in Path(log[1]).read_text()
        small.write("Dockerfile", "FROM python:3.12-alpine\nCOPY server.py /server.py\n")
        preview.up()
        before = preview.ids()
        small.write("Dockerfile", "FROM python:3.12-alpine\nRUN exit 6\n")
        assert "exit code: 6" in preview.fails().err
        assert preview.ids() == before, "the old version goes on running"


def test_a_start_command_that_does_not_exist(small: Repository, make_preview: MakePreview) -> None:
    small.manifest(WORKER).replace("galley.yaml", START, 'start: "celery-typo -A app"')
    with make_preview(small) as preview:
        for _ in range(2):
            told = preview.fails().err
            assert re.search(r"^worker: ", told, re.MULTILINE)
            assert "celery-typo" in told
            assert "check `start`" in told
        small.replace("galley.yaml", 'start: "celery-typo -A app"', START)
        preview.up()


def port_of(preview: Preview) -> int:
    return int(preview.url("api").rpartition(":")[2])


def test_a_stopped_router_keeps_its_port_unless_a_stranger_has_it(
    small: Repository, make_preview: MakePreview
) -> None:
    with make_preview(small.manifest(API)) as preview:
        preview.up()
        port = port_of(preview)
        assert preview.ask("api").status == 200
        preview.engine.client.containers.get(preview.ids()["router"]).stop(timeout=1)
        preview.up()
        assert port_of(preview) == port
        assert preview.ask("api").status == 200
        preview.engine.client.containers.get(preview.ids()["router"]).stop(timeout=1)
        with socket.create_server((LOOPBACK, port)):
            preview.up()
            assert port_of(preview) != port
            assert preview.ask("api").status == 200


@pytest.mark.parametrize("verb", ["up", "down", "status", "ls", "logs", "preview"])
def test_no_docker(small: Repository, galley: Galley, tmp_path: Path, verb: str) -> None:
    small.manifest(WORKER)
    done = galley(verb, at=small.path, DOCKER_HOST=f"unix://{tmp_path}/docker.sock")
    assert done.code == 3
    assert f"{tmp_path}/docker.sock" in done.err
    assert "DOCKER_HOST" in done.err
    there = galley(verb, at=small.path) if verb in ("ls", "status") else None
    assert there is None or there.code == 0


def test_the_engine_goes_away_while_it_is_used(small: Repository, galley: Galley) -> None:
    """`plan` and `validate` need none at all."""
    small.manifest(WORKER)
    assert galley("plan", at=small.path, DOCKER_HOST="unix:///nowhere.sock").code == 0


def test_a_wrong_manifest_tells_every_problem_at_once(small: Repository, galley: Galley) -> None:
    small.manifest(WORKER).replace("galley.yaml", "kind: worker", "kind: wroker\n    expose: 70000")
    done = galley("up", at=small.path)
    assert done.code == 2
    assert "galley.yaml:5:" in done.err
    assert "galley.yaml:6:" in done.err
    error = galley("up", "--json", at=small.path).json["error"]
    assert error["kind"] == "input"
    assert [(p["file"], p["line"], p["path"]) for p in error["problems"]] == [
        ("galley.yaml", 5, "services.worker.kind"),
        ("galley.yaml", 6, "services.worker.expose"),
    ]
    assert all(p["rule"] and p["remedy"] and p["column"] for p in error["problems"])
