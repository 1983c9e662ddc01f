"""The program as a whole: from a stack's configuration to its outputs, with an engine that is made up."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pulumi
import pytest

from galley_iac.errors import GalleyError, MachineError
from galley_iac.program import main as program
from galley_iac.request import Request, prepare
from galley_iac.toolchain import engine
from tests.program.docker_mocks import FakeDocker
from tests.program.recording import Run, record
from tests.unit.engine.support import FakeClient

MANIFEST = """\
version: 1
services:
  web: {kind: web, image: "acme/web:1", expose: 80, env: {KEY: "${KEY}"}}
  db: {kind: database, image: "postgres:16-alpine"}
"""


class FakeEngine(FakeClient):
    """An empty engine that remembers whether its connection was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", tmp_path / "shop"], check=True)
    (tmp_path / "shop" / "galley.yaml").write_text(MANIFEST)
    return tmp_path / "shop"


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, FakeEngine]]]:
    """Every host that was connected to, with the engine there."""
    asked: list[tuple[str, FakeEngine]] = []

    def connect(host: str) -> FakeEngine:
        asked.append((host, FakeEngine()))
        return asked[-1][1]

    monkeypatch.setattr(program, "connect", connect)
    yield asked
    pulumi.runtime.set_all_config({})


def run(body: Callable[[], object] = program.main, stack: str = "s", **config: str) -> Run:
    def configured() -> None:
        pulumi.runtime.set_all_config({f"galley:{key}": value for key, value in config.items()})
        body()

    return record(configured, FakeDocker(), stack=stack)


Hosts = list[tuple[str, FakeEngine]]


@pytest.mark.usefixtures("hosts")
def test_a_stack_by_hand(repository: Path) -> None:
    made = run(
        stack="pr-12",
        manifest=str(repository),
        dockerHost="tcp://engine:1",
        secrets='{"KEY": "s3cr3t"}',
    )
    assert made.error is None
    assert made.names("Container") == ["db", "db.ready", "router", "web"]
    found = made.exports
    assert found["preview"] == "pr-12-shop"
    assert found["services"] == {"db": "database", "web": "web"}
    assert found["identity"] == {"project": "shop", "pull_request": 12}
    port = made.one("Container", "router").inputs["ports"][0]["external"]
    assert found["urls"] == {"web": f"http://pr-12-shop.localhost:{port}"}


def test_the_engine_is_the_one_that_was_asked_for(repository: Path, hosts: Hosts) -> None:
    made = run(manifest=str(repository), dockerHost="tcp://engine:1", secrets='{"KEY": "x"}')
    assert made.one("docker", "engine").inputs["host"] == "tcp://engine:1"
    assert [(host, client.closed) for host, client in hosts] == [("tcp://engine:1", True)]


@pytest.mark.usefixtures("hosts")
def test_a_plan_that_was_made_before_is_declared_as_it_is(repository: Path) -> None:
    request = Request(repository, branch="main", engine="tcp://engine:1", secrets=frozenset({"KEY"}))
    prepared = prepare(request)
    (repository / "galley.yaml").write_text("nonsense")
    made = run(lambda: program.run(prepared), secrets='{"KEY": "x"}')
    assert made.error is None
    assert made.exports["preview"] == "main-shop"


def test_what_a_user_did_wrong_is_said_without_a_traceback(repository: Path, hosts: Hosts) -> None:
    made = run(manifest=str(repository), dockerHost="tcp://engine:1")
    assert type(made.error) is pulumi.RunError
    assert "${KEY} is not set" in str(made.error)
    assert made.error.__suppress_context__
    assert made.resources == ()
    assert hosts == [], "the manifest is read before the engine is asked"


def test_errors_are_kept_for_the_command(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise MachineError("no engine")

    prepared = prepare(Request(repository, branch="main", engine="x", secrets=frozenset({"KEY"})))
    kept: list[GalleyError] = []
    monkeypatch.setattr(program, "connect", fail)
    made = run(program.keeping_errors(prepared, kept))
    assert [str(error) for error in kept] == ["no engine"]
    assert isinstance(made.error, MachineError)


def test_no_engine_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "find", lambda: None)
    with pytest.raises(MachineError, match="no Docker engine was found"):
        program.engine_host(Request(Path("m"), branch="main"))


def test_the_machine_s_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "find", lambda: engine.Engine("unix:///x", "running"))
    assert program.engine_host(Request(Path("m"), branch="main")) == "unix:///x"
    assert program.engine_host(Request(Path("m"), branch="main", engine="tcp://y")) == "tcp://y"


def test_an_interruption_is_no_error_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    program._quiet_interrupt(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert capsys.readouterr().err == ""
    program._quiet_interrupt(ValueError, ValueError("shown"), None)
    assert "ValueError: shown" in capsys.readouterr().err
