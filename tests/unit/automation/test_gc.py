"""What becomes of a hold, and of a build's files, when they are collected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from galley_iac import home
from galley_iac.automation.gc import Collected, Outcome, collect
from galley_iac.automation.hold import Holder
from galley_iac.automation.survey import Amount, Garbage, Scope, Sort
from galley_iac.life.garbage import Cause, Reason
from tests.unit.automation.test_hold import Volumes, dead, living

TAG = "galley-shop:0123456789abcdef"


def collected(client: object, sort: Sort, name: str) -> Collected:
    """The one piece, with what is told of it."""
    engine: Any = client
    nobody: Any = None
    told: list[Collected] = []
    garbage = Garbage(sort, name, Reason(Cause.OWNER_DEAD, "for a test"), Amount())
    (done,) = collect(nobody, engine, [garbage], Scope(), told.append)
    assert told == [done]
    return done


def test_a_dead_one_s_hold_goes() -> None:
    client = Volumes().held_by(dead())
    assert collected(client, Sort.HOLD, "p").outcome is Outcome.REMOVED
    assert client.kept == {}


@pytest.mark.parametrize("holder", [living(), None])
def test_a_hold_that_was_taken_over_stays(holder: Holder | None) -> None:
    client = Volumes()
    if holder:
        client.held_by(holder)
    before = dict(client.kept)
    done = collected(client, Sort.HOLD, "p")
    assert (done.outcome, done.why) == (Outcome.SKIPPED, "it has been taken over since")
    assert client.kept == before


def test_a_build_s_files_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    home.build_log(TAG).write_text("a log")
    assert collected(None, Sort.BUILD, TAG).outcome is Outcome.REMOVED
    assert not home.build_log(TAG).exists()
