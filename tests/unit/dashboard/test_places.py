"""Where each preview is looked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from galley_iac.automation import backend
from galley_iac.automation.configuration import PROJECT_SETTINGS, config_file
from galley_iac.dashboard.live.places import Places

NAME = "main-shop"


class Told:
    """A place that is told what to look at."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.wanted, self.started, self._names = list(names), 0, names

    def start(self) -> None:
        self.started += 1

    def stop(self) -> None:
        self.started -= 1

    def want(self, name: str) -> None:
        self.wanted.append(name)

    def leave(self, name: str) -> None:
        self.wanted.remove(name)

    def names(self) -> Sequence[str]:
        return self.wanted


class Made:
    """An engine, and the clusters that were reached, by their contexts."""

    def __init__(self, local: Path | None) -> None:
        self.engine, self.clusters = Told(["pr-7-shop"]), dict[str, Told]()
        self.places = Places(self.engine, local, self._reach)  # type: ignore[arg-type]
        self.places.start()

    def _reach(self, context: str) -> Told:
        self.clusters[context] = Told()
        return self.clusters[context]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path / "home"))
    return Made(tmp_path / "state")


def test_a_preview_is_on_the_engine_unless_its_stack_says_otherwise(made: Made) -> None:
    made.places.learn(NAME, known=True)
    assert made.places.of(NAME) is made.engine
    assert made.clusters == {}
    assert made.places.names() == {"pr-7-shop"}


def test_a_cluster_is_reached_once_and_left_when_nothing_is_on_it(made: Made) -> None:
    for name in (NAME, "pr-8-shop"):
        config_file(name).merge({PROJECT_SETTINGS: {"target": "kubernetes", "kubeContext": "team"}})
        made.places.learn(name, known=True)
    cluster = made.clusters["team"]
    assert (cluster.started, cluster.wanted) == (1, [NAME, "pr-8-shop"])
    assert made.places.of(NAME) is cluster
    assert made.places.names() == {NAME, "pr-7-shop", "pr-8-shop"}
    made.places.learn(NAME, known=False)
    assert (cluster.wanted, made.places.of(NAME)) == (["pr-8-shop"], made.engine)
    made.places.stop()
    assert (cluster.started, made.engine.started) == (0, 0)


def test_what_was_brought_up_elsewhere_is_where_its_state_says(made: Made, tmp_path: Path) -> None:
    provider = {
        "type": "pulumi:providers:kubernetes",
        "urn": "urn:pulumi:main-shop::galley::pulumi:providers:kubernetes::cluster",
        "inputs": {"context": "other"},
    }
    file = backend.state_file(tmp_path / "state", NAME)
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"checkpoint": {"latest": {"resources": [provider]}}}))
    made.places.learn(NAME, known=True)
    assert made.places.of(NAME) is made.clusters["other"]
