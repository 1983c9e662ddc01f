"""Base images, with an engine that is only pretended."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from docker.errors import APIError, ImageNotFound

from galley_iac.errors import MachineError
from galley_iac.toolchain import images, machine, recipes, standins
from galley_iac.toolchain.engine import Engine
from tests.toolchain.fakes import FakeRunner, FakeSite, means

KNOWN = recipes.load()
REDIS = [KNOWN["redis"]]
OWN, USERS = Engine("unix:///ours", "ours", ours=True), Engine("unix:///theirs", "theirs")


@dataclass
class FakeImage:
    """An image by its labels; tagging it gives it another name."""

    engine: FakeEngine
    labels: Mapping[str, str]

    def tag(self, name: str) -> None:
        self.engine.present[name] = self.labels


@dataclass
class FakeEngine:
    """Both `client.images` and `client.api`: holds labels by name, notes what it is asked to do."""

    present: dict[str, Mapping[str, str]] = field(default_factory=dict)
    registry: bool = False
    failing: str = ""
    refusing: str = ""
    done: list[str] = field(default_factory=list)

    @property
    def images(self) -> FakeEngine:
        return self

    @property
    def api(self) -> FakeEngine:
        return self

    def get(self, name: str) -> FakeImage:
        if name not in self.present:
            raise ImageNotFound(name)
        return FakeImage(self, self.present[name])

    def get_registry_data(self, name: str) -> None:
        self.done.append(f"ask for {name}")
        if not self.registry:
            raise APIError("no such host")

    def pull(self, repository: str, tag: str, **_options: Any) -> Iterator[dict[str, str]]:
        self.done.append(f"pull {repository}:{tag}")
        yield {"status": "Downloading", "progress": "1 of 2"}
        if self.failing:
            yield {"error": self.failing}

    def build(
        self, path: str, tag: str, labels: Mapping[str, str], **_options: Any
    ) -> Iterator[dict[str, str]]:
        self.done.append(f"build {tag}")
        assert (Path(path) / "Dockerfile").is_file()
        if self.refusing:
            raise APIError(self.refusing)
        self.present[tag] = labels
        yield {"stream": "Step 1/1"}
        if self.failing:
            yield {"error": self.failing}

    def prune(self, _filters: Mapping[str, bool]) -> None:
        self.done.append("prune")

    @contextlib.contextmanager
    def connect(self, _engine: Engine, _seconds: int) -> Iterator[Any]:
        yield self


@pytest.fixture
def current() -> dict[str, Mapping[str, str]]:
    """What an engine holds that has the stand-in for redis, of today's recipe, and all below it."""
    held: dict[str, Mapping[str, str]] = {}
    for recipe in recipes.with_bases({"redis"}, KNOWN):
        labels = {
            standins.LABEL: "true",
            standins.KEY_LABEL: recipes.key(recipe, KNOWN, machine.fingerprint()),
        }
        held.update(dict.fromkeys((recipe.tag, *recipe.stands_in_for), labels))
    return held


def _ensure(fake: FakeEngine, engine: Engine, root: Path) -> str:
    step, printed = means(root, FakeRunner(), FakeSite())
    images.ensure(engine, REDIS, step, fake.connect)
    return printed.getvalue()


def test_what_is_there_is_neither_asked_for_nor_built(tmp_path: Path) -> None:
    fake = FakeEngine({"redis:7-alpine": {}})

    assert _ensure(fake, OWN, tmp_path) == "    all 1 are there\n"
    assert fake.done == []


def test_a_registry_that_answers_comes_before_a_stand_in(tmp_path: Path, current: dict[str, Any]) -> None:
    fake = FakeEngine(current, registry=True)

    assert "redis:7-alpine: pulled" in _ensure(fake, OWN, tmp_path)
    assert fake.done == ["ask for redis:7-alpine", "pull redis:7-alpine"]


def test_a_pull_that_fails(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="redis:7-alpine could not be pulled: denied"):
        _ensure(FakeEngine(registry=True, failing="denied"), OWN, tmp_path)


def test_a_stand_in_of_todays_recipe_stays_and_is_named(tmp_path: Path, current: dict[str, Any]) -> None:
    fake = FakeEngine(current)

    printed = _ensure(fake, OWN, tmp_path)

    assert f"stand-in for redis:7-alpine, redis:7: {KNOWN['redis'].what}" in printed
    assert fake.done == ["ask for redis:7-alpine", "prune"]


def test_a_stand_in_of_an_older_recipe_is_built_again(tmp_path: Path, current: dict[str, Any]) -> None:
    fake = FakeEngine({**current, "redis:7": {standins.LABEL: "true", standins.KEY_LABEL: "old"}})

    _ensure(fake, OWN, tmp_path)

    assert fake.done[1] == f"build {KNOWN['redis'].tag}"
    assert fake.present["redis:7"] == fake.present["redis:7-alpine"] == fake.present[KNOWN["redis"].tag]
    assert fake.present["redis:7"][standins.WHAT_LABEL] == KNOWN["redis"].what
    assert not list(tmp_path.glob(".image-*")), "the build context is removed"


def test_a_build_that_fails_shows_its_last_lines(tmp_path: Path, current: dict[str, Any]) -> None:
    del current["redis:7"]

    with pytest.raises(MachineError, match=r"the stand-in for redis:7-alpine: Step 1/1\nno space left"):
        _ensure(FakeEngine(current, failing="no space left"), OWN, tmp_path)


def test_an_engine_that_refuses_the_build_ends_in_no_traceback(
    tmp_path: Path, current: dict[str, Any]
) -> None:
    del current["redis:7"]
    fake = FakeEngine(current, refusing="remount /: invalid argument")

    with pytest.raises(MachineError, match="the stand-in for redis:7-alpine: remount /: invalid argument"):
        _ensure(fake, OWN, tmp_path)


def test_a_users_engine_gets_no_stand_in(tmp_path: Path) -> None:
    fake = FakeEngine()

    printed = _ensure(fake, USERS, tmp_path)

    assert "no registry answers, and the engine lacks redis:7-alpine: what uses them will fail" in printed
    assert fake.done == ["ask for redis:7-alpine"]
    assert fake.present == {}
