"""Thirty random interleavings of events that really overlap, each with one truth at its end.

Acts on the forge cause deliveries. Each delivery starts a run, in another order than they happened and some
twice, while more acts follow. When all have ended, the preview is at the newest commit if the pull request is
open, and gone if it is not, and there is one comment that says so.
"""

from __future__ import annotations

import contextlib
import itertools
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from galley_iac.plan.identity import Identity, preview_name
from tests.forge.api import Api
from tests.forge.conftest import MakeProject
from tests.forge.listener import Delivery, Listener, listening
from tests.forge.pipeline import Pipeline, Run, transcript
from tests.forge.project import Project
from tests.integration.harness.command import Galley
from tests.integration.harness.engine import Engine

SEED, LANES, ROUNDS = 4711, 3, 10
"""Lanes run beside each other, each with a repository of its own: 30 rounds in all."""

MANIFEST = """\
version: 1
services:
  worker: {kind: worker, image: "redis:7-alpine", env: {STEP: "0"}}
"""


@dataclass
class Lane:
    """A repository with pull request number 1, its hook and its runs."""

    project: Project
    robot: Api
    listener: Listener
    pipeline: Pipeline
    engine: Engine
    chance: random.Random
    is_open: bool = False
    step: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def preview(self) -> str:
        """The name of the pull request's preview."""
        return preview_name(Identity(self.project.name, pull_request=1))

    def act(self) -> Delivery:
        """Something that can happen now, by chance; returns what the forge delivers of it."""
        possible = ["push", "push", "close", "comment"] if self.is_open else ["reopen", "reopen", "comment"]
        chosen, seen = self.chance.choice(possible), len(self.listener.deliveries)
        self.said.append(chosen)
        event, action, act = self._acts()[chosen]
        act()
        return self.listener.next(event, action, after=seen)

    def _acts(self) -> dict[str, tuple[str, str, Callable[[], object]]]:
        return {
            "push": ("pull_request", "synchronized", self.push),
            "close": ("pull_request", "closed", lambda: self.turn("closed")),
            "reopen": ("pull_request", "reopened", lambda: self.turn("open")),
            "comment": ("issue_comment", "created", lambda: self.project.comment(1, "/galley rebuild")),
        }

    def push(self) -> None:
        """A commit with a value that no other has."""
        self.step += 1
        self.project.push("feature", {"galley.yaml": MANIFEST.replace('"0"', f'"{self.step}"')})

    def turn(self, state: str) -> None:
        """Closes or reopens the pull request."""
        self.project.state(1, state)
        self.is_open = state == "open"

    def round(self) -> list[Run]:
        """Acts and their runs, more acts while those run, and the runs of these; returns all of them."""
        before, started = len(self.pipeline.runs), 0
        for most in (2, 1):
            happened = [self.act() for _ in range(self.chance.randint(1, most))]
            happened += [one for one in happened if self.chance.random() < 0.25]
            self.chance.shuffle(happened)
            self.pipeline.start(happened, lambda: self.chance.random() * 0.3)
            started += len(happened)
        return self.pipeline.settled(before + started)[before:]

    def truth(self) -> None:
        """What has to be so when nothing runs any more."""
        mine = [one["body"] for one in self.project.comments(1) if one["user"]["login"] == self.robot.name]
        assert len(mine) == 1, mine
        if not self.is_open:
            assert self.engine.of(self.preview) == []
            assert "removed**" in mine[0]
            return
        worker = self.engine.containers(self.preview)["worker"]
        assert worker["State"]["Running"]
        assert f"STEP={self.step}" in worker["Config"]["Env"]
        assert "running**" in mine[0]
        assert str(self.project.pull(1)["head"]["sha"]) in mine[0]


MakeLane = Callable[[int], Lane]


@pytest.fixture
def make_lane(
    make_project: MakeProject, robot: Api, galley: Galley, engine: Engine, tmp_path: Path
) -> Iterator[MakeLane]:
    made: list[Lane] = []

    def make(number: int) -> Lane:
        project = make_project()
        project.admit(robot)
        listener = stack.enter_context(listening())
        project.hook(listener)
        name = f"{project.api.name}/{project.name}"
        pipeline = Pipeline(galley, robot, name, tmp_path / str(number))
        made.append(Lane(project, robot, listener, pipeline, engine, random.Random(SEED + number)))
        return made[-1]

    with contextlib.ExitStack() as stack:
        yield make
    for lane in made:
        galley("down", "--name", lane.preview, at=lane.project.path)
        assert engine.of(lane.preview) == []


def play(lane: Lane) -> list[list[Run]]:
    """All rounds of a lane, each with its truth; returns their runs."""
    lane.push()
    lane.project.open("feature", "One")
    lane.is_open = True
    opened = lane.listener.next("pull_request", "opened")
    lane.pipeline.start([opened])
    lane.pipeline.settled(1)
    rounds = []
    for _ in range(ROUNDS):
        lane.said.append("|")
        runs = lane.round()
        try:
            assert [run.done.code for run in runs] == [0] * len(runs)
            lane.truth()
        except (AssertionError, KeyError) as error:
            raise AssertionError(f"{error}\n{' '.join(lane.said)}\n{transcript(runs)}") from error
        rounds.append(runs)
    return rounds


def overlap(runs: list[Run]) -> bool:
    return any(one.overlaps(other) for one, other in itertools.combinations(runs, 2))


def test_thirty_interleavings_have_one_truth_each(make_lane: MakeLane) -> None:
    lanes = [make_lane(number) for number in range(LANES)]
    with ThreadPoolExecutor(LANES) as pool:
        played = [rounds for lane in pool.map(play, lanes) for rounds in lane]
    assert len(played) == LANES * ROUNDS == 30
    alone = [transcript(runs) for runs in played if not overlap(runs)]
    assert alone == []
