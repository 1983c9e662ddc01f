"""What an update does beside changing something, and what it leaves for the next one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from docker.errors import APIError

from galley_iac import timing
from galley_iac.automation import backend, claims, tags, unchanged
from galley_iac.automation.progress import Phase, Progress
from galley_iac.automation.proof import Proof
from galley_iac.engine.live import Live
from galley_iac.request import Prepared, Request, prepare
from galley_iac.source.repository import Commit
from tests.unit.engine.support import container, network

FOUND = Proof("inputs", "images", "objects")
NOTHING: Any = None


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prepared:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    (tmp_path / "galley.yaml").write_text(
        "version: 1\nservices:\n  web: {kind: web, image: site, expose: 80, resources: {memory: 64Mi}}\n"
    )
    made = prepare(Request(tmp_path / "galley.yaml", branch="main", project="shop"))
    local = backend.local_state()
    assert local
    backend.tags_file(local, made.plan.name).parent.mkdir(parents=True)
    return made


def accept(prepared: Prepared) -> tuple[Any, list[tuple[Progress, set[str]]]]:
    told: list[tuple[Progress, set[str]]] = []
    live = Live((container("web"),), (network(),))
    commit = Commit("1" * 40, "Ada")
    return unchanged.accept(prepared, live, lambda *pair: told.append(pair), commit), told


def test_what_is_shown(prepared: Prepared) -> None:
    updated, told = accept(prepared)
    assert updated.changes == 0
    assert updated.status.preview == prepared.plan.name
    assert updated.status.state == "running"
    ((progress, moved),) = told
    assert moved == {"web", "router"}
    assert {row.phase for row in progress.rows.values()} == {Phase.UNCHANGED}


def test_what_is_noted(prepared: Prepared) -> None:
    tags.write(prepared.plan.name, {tags.PROOF: str(FOUND), tags.ASLEEP: "2026-01-31T12:00:00Z"})
    begun = time.time()
    accept(prepared)
    found = tags.read(prepared.plan.name)
    assert (found[tags.COMMIT], found[tags.AUTHOR]) == ("1" * 40, "Ada")
    assert timing.seconds(found[tags.ACTIVITY]) > begun - 1
    assert found[tags.PROOF] == str(FOUND)
    assert tags.ASLEEP not in found


def test_the_room_is_claimed(prepared: Prepared) -> None:
    accept(prepared)
    assert claims.is_claimed(prepared.plan.name)
    claims.disclaim(prepared.plan.name)
    assert not claims.is_claimed(prepared.plan.name)


def test_that_it_cannot_be_noted_is_a_warning(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(tags, "write", fail)
    updated, _ = accept(prepared)
    assert updated.status.state == "running"
    assert "warning: the update could not be noted: disk full" in capsys.readouterr().err


def remember(prepared: Prepared, monkeypatch: pytest.MonkeyPatch, proof: Any) -> str | None:
    monkeypatch.setattr(unchanged, "observe", lambda *_: Live())
    monkeypatch.setattr(unchanged, "proof", proof)
    unchanged.remember(NOTHING, prepared)
    return tags.read(prepared.plan.name).get(tags.PROOF)


def test_what_is_remembered(prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    assert remember(prepared, monkeypatch, lambda *_: FOUND) == str(FOUND)


def test_what_cannot_be_proven_is_not(prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    assert remember(prepared, monkeypatch, lambda *_: None) is None


@pytest.mark.parametrize("error", [APIError("no"), OSError("disk full")])
def test_that_it_fails_is_no_failure(
    error: Exception, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise error

    assert remember(prepared, monkeypatch, fail) is None
