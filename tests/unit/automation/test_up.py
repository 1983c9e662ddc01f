"""Which way an update goes: past the engine, through it, or through it after a refresh."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from docker.errors import APIError

from galley_iac.automation import tags, unchanged, up, update
from galley_iac.automation.proof import Proof
from galley_iac.automation.unchanged import Verdict, judge
from galley_iac.engine.live import Live
from tests.unit.automation.test_progress import fed
from tests.unit.engine.support import container, network

PLAN = fed().plan
LAST = Proof("inputs", "images", "objects")
WELL = Live(tuple(container(one.service) for one in PLAN.containers), (network(),))
NOTHING: Any = None


def prepared(*, rebuild: bool = False) -> Any:
    request = type("Request", (), {"rebuild": rebuild})
    return type("Prepared", (), {"plan": PLAN, "request": request})


class World:
    """What is noted, what is found now, and which images are there."""

    def __init__(self) -> None:
        self.noted = str(LAST)
        self.now: Proof | None = LAST
        self.missing: set[str] = set()
        self.settled = True
        self.provable = True

    def proof(self, *_: Any) -> Proof | None:
        return self.now

    def is_complete(self, _: Any, images: Any) -> bool:
        return not self.missing & {getattr(image, "tag", "") or image.reference for image in images}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(tags, "read", lambda _: {tags.PROOF: made.noted} if made.noted else {})
    monkeypatch.setattr(unchanged, "observe", lambda *_: WELL)
    monkeypatch.setattr(unchanged, "proof", made.proof)
    monkeypatch.setattr(unchanged, "is_complete", made.is_complete)
    monkeypatch.setattr(unchanged, "is_settled", lambda *_: made.settled)
    monkeypatch.setattr(unchanged, "can_be_proven", lambda _: made.provable)
    return made


def verdict() -> tuple[bool, bool]:
    found = judge(NOTHING, prepared())
    return found.unchanged, found.drifted


@pytest.mark.usefixtures("world")
def test_all_as_it_was_left() -> None:
    assert verdict() == (True, False)
    assert judge(NOTHING, prepared()).live == WELL


@pytest.mark.parametrize("noted", ["", "nonsense", "a.b"])
def test_nothing_noted(noted: str, world: World) -> None:
    world.noted = noted
    assert verdict() == (False, False)


def test_where_nothing_can_be_proven_nobody_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.provable = False
    monkeypatch.setattr(tags, "read", lambda _: pytest.fail("in a shared backend that is two processes"))
    monkeypatch.setattr(unchanged, "observe", lambda *_: pytest.fail("nor the engine"))
    assert verdict() == (False, False)
    unchanged.remember(NOTHING, prepared())


def test_nothing_to_be_proven(world: World) -> None:
    world.now = None
    assert verdict() == (False, False)


def test_another_plan_needs_no_refresh(world: World) -> None:
    world.now = Proof("others", "images", "objects")
    assert verdict() == (False, False)


@pytest.mark.parametrize("inputs", ["inputs", "others"])
def test_other_objects_do(inputs: str, world: World) -> None:
    world.now = Proof(inputs, "images", "others")
    assert verdict() == (False, True)


def test_something_that_does_not_run_is_for_the_engine(world: World) -> None:
    world.settled = False
    assert verdict() == (False, False)


def test_another_image_of_the_same_name_is_for_the_engine(world: World) -> None:
    world.now = Proof("inputs", "others", "objects")
    assert verdict() == (False, False)


def test_a_built_image_that_is_gone_is_built_again(world: World) -> None:
    world.now, world.missing = Proof("inputs", "others", "objects"), {PLAN.built_images[0].tag}
    assert verdict() == (False, True)
    world.now = Proof("others", "others", "objects")
    assert verdict() == (False, False), "it is of a source that was not built yet"


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("error", [APIError("no"), OSError("no"), ConnectionError("no")])
def test_what_fails_is_for_the_engine_to_say(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(unchanged, "observe", fail)
    assert verdict() == (False, False)


@pytest.mark.parametrize(
    ("found", "words", "way"),
    [
        (Verdict(unchanged=True), {}, "accepted"),
        (Verdict(unchanged=True), {"refresh": True}, "refresh=True"),
        (Verdict(), {}, "refresh=False"),
        (Verdict(drifted=True), {}, "refresh=True"),
    ],
)
def test_the_way(found: Verdict, words: Any, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert taken(monkeypatch, found, prepared(), **words) == ["held", "wanted", way]


def test_a_rebuild_is_never_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    way = taken(monkeypatch, Verdict(unchanged=True), prepared(rebuild=True))
    assert way == ["held", "wanted", "refresh=False"]


def taken(monkeypatch: pytest.MonkeyPatch, found: Verdict, of: Any, **words: Any) -> list[str]:
    """What one update does, in order."""
    done: list[str] = []

    @contextlib.contextmanager
    def held(*_: Any) -> Iterator[None]:
        done.append("held")
        yield

    monkeypatch.setattr(up.hold, "exclusive", held)
    monkeypatch.setattr(up, "judge", lambda *_: found)
    monkeypatch.setattr(up, "accept", lambda *_: done.append("accepted") or object())
    monkeypatch.setattr(update, "update", lambda *_, refresh, **__: done.append(f"{refresh=}"))
    up.up(NOTHING, of, NOTHING, wanted=lambda: done.append("wanted"), **words)
    return done
