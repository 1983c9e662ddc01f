"""Which Docker engine is used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import engine
from galley_iac.toolchain.dockerd import Daemon
from galley_iac.toolchain.paths import layout

NAMED, CONTEXT = "tcp://10.0.0.1:2376", "ssh://me@host"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path)}


@pytest.fixture
def own(environ: dict[str, str]) -> str:
    return Daemon(layout(environ)).host


def _answering(*hosts: str) -> Callable[[str], bool]:
    return lambda host: host in hosts


def _write_context(home: Path, name: str, host: str, *, current: bool = True) -> None:
    folder = home / ".docker" / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest()
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text(json.dumps({"Name": name, "Endpoints": {"docker": {"Host": host}}}))
    if current:
        (home / ".docker" / "config.json").write_text(json.dumps({"currentContext": name}))


def test_none_answers(environ: dict[str, str]) -> None:
    assert engine.find(environ, _answering()) is None


def test_the_named_engine_comes_before_all(environ: dict[str, str], own: str) -> None:
    found = engine.find({**environ, "DOCKER_HOST": NAMED}, _answering(NAMED, engine.USUAL_HOST, own))

    assert found == engine.Engine(NAMED, "named by DOCKER_HOST")


def test_a_named_engine_that_is_silent_is_not_replaced(environ: dict[str, str], own: str) -> None:
    with pytest.raises(MachineError, match=f"DOCKER_HOST names {NAMED}") as caught:
        engine.find({**environ, "DOCKER_HOST": NAMED}, _answering(engine.USUAL_HOST, own))

    assert "unset DOCKER_HOST" in str(caught.value)


def test_our_engine_stays_ours_when_it_is_named(environ: dict[str, str], own: str) -> None:
    found = engine.find({**environ, "DOCKER_HOST": own}, _answering(own))

    assert found is not None
    assert found.ours


def test_the_current_docker_context_comes_next(environ: dict[str, str], own: str, tmp_path: Path) -> None:
    _write_context(tmp_path, "far", CONTEXT)

    found = engine.find(environ, _answering(CONTEXT, engine.USUAL_HOST, own))

    assert found == engine.Engine(CONTEXT, "docker context far")


def test_a_context_can_be_named_by_its_variable(environ: dict[str, str], tmp_path: Path) -> None:
    _write_context(tmp_path, "far", CONTEXT, current=False)

    found = engine.find({**environ, "DOCKER_CONTEXT": "far"}, _answering(CONTEXT))

    assert found == engine.Engine(CONTEXT, "docker context far")


def test_a_silent_context_is_passed_over(environ: dict[str, str], own: str, tmp_path: Path) -> None:
    _write_context(tmp_path, "far", CONTEXT)

    found = engine.find(environ, _answering(engine.USUAL_HOST, own))

    assert found == engine.Engine(engine.USUAL_HOST, "running on this machine")


@pytest.mark.parametrize("settings", ["", "{", "[]", '{"currentContext": "gone"}', '{"currentContext": 3}'])
def test_docker_settings_that_name_no_context(environ: dict[str, str], tmp_path: Path, settings: str) -> None:
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker" / "config.json").write_text(settings)

    assert engine.find(environ, _answering()) is None


def test_ours_comes_last(environ: dict[str, str], own: str) -> None:
    assert engine.find(environ, _answering(own)) == engine.Engine(own, "started by `galley setup`", ours=True)


def test_tests_never_use_the_users_engine(environ: dict[str, str], own: str) -> None:
    user_has = {**environ, "DOCKER_HOST": NAMED}

    assert engine.for_tests(user_has, _answering(NAMED, engine.USUAL_HOST, own)).host == own
    with pytest.raises(MachineError, match="run `make test`"):
        engine.for_tests(user_has, _answering(NAMED, engine.USUAL_HOST))


def test_tests_use_the_engine_that_is_named_for_them(environ: dict[str, str], own: str) -> None:
    found = engine.for_tests({**environ, "GALLEY_TEST_DOCKER_HOST": NAMED}, _answering(NAMED, own))

    assert found == engine.Engine(NAMED, "named by GALLEY_TEST_DOCKER_HOST")
