"""One pull request on a real forge, from the first push to the merge, with `galley ci` behind its hooks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from galley_iac.plan.identity import Identity, preview_name
from tests.forge.api import Api
from tests.forge.conftest import MakeProject
from tests.forge.listener import Listener
from tests.forge.pipeline import Pipeline, Run, transcript
from tests.forge.project import Project
from tests.integration.harness.command import Galley
from tests.integration.harness.engine import Engine
from tests.integration.harness.web import ask_url, eventually

MANIFEST = """\
version: 1
services:
  api: {kind: api, build: ./, expose: 8000, health: /status/200}
  cache: {kind: cache, image: "redis:7-alpine", expose: 6379}
"""
NEVER = MANIFEST.replace("/status/200", "{path: /status/500, timeout: 300s}")
"""An update of this ends when it is asked to, and not before."""

BROKEN = MANIFEST.replace(
    "build: ./", 'restart: never, build: {path: ./, start: "echo no such table; exit 3"}'
)
_STAGE = re.compile(r"\*\*Preview `[^`]+`: ([a-z ]+)\*\*")
_URL = re.compile(r"http://api\.\S+:\d+")


class Team:
    """A repository, its pull request number 1, and all that watches it."""

    def __init__(
        self, project: Project, robot: Api, listener: Listener, pipeline: Pipeline, engine: Engine
    ) -> None:
        self.project, self.robot, self.listener = project, robot, listener
        self.pipeline, self.engine = pipeline, engine
        self.preview = preview_name(Identity(project.name, pull_request=1))
        self._runs = 0

    def push(self, manifest: str, version: str) -> str:
        """A commit of the pull request."""
        server = (self.project.path / "server.py").read_text(encoding="utf-8")
        changed = re.sub(r'VERSION = "\w+"', f'VERSION = "{version}"', server)
        return self.project.push("feature", {"galley.yaml": manifest, "server.py": changed})

    def runs(self, number: int) -> list[Run]:
        """The runs since the last time, of which there have to be so many."""
        everything = self.pipeline.settled(self._runs + number)
        mine, self._runs = everything[self._runs :], len(everything)
        return mine

    def bodies(self) -> list[str]:
        """Every text that the one comment has had, as the forge delivered it."""
        found = (one for one in self.listener.deliveries if one.event == "issue_comment")
        mine = (one.payload["comment"] for one in found if one.action in ("created", "edited"))
        return [one["body"] for one in mine if one["user"]["login"] == self.robot.name]

    def stages(self) -> list[str]:
        """What it said, one state after another."""
        stages = (found[1] for body in self.bodies() if (found := _STAGE.search(body)))
        return [stage for stage, _ in itertools.groupby(stages)]

    def comment(self) -> str:
        """The one comment as it is now."""
        mine = [one["body"] for one in self.project.comments(1) if one["user"]["login"] == self.robot.name]
        assert len(mine) == 1, mine
        return str(mine[0])

    def marks(self, commit: str) -> list[str]:
        """A commit's statuses, the newest last."""
        found = self.project.api.get(f"{self.project.at}/commits/{commit}/statuses")
        return [one["status"] for one in sorted(found, key=lambda one: int(one["id"]))]

    def version(self) -> str:
        """What the address in the comment serves."""
        url = _URL.search(self.comment())
        assert url, self.comment()
        return str(ask_url(url[0]).json["version"])


@pytest.fixture
def team(
    make_project: MakeProject, robot: Api, listener: Listener, galley: Galley, engine: Engine, tmp_path: Path
) -> Iterator[Team]:
    project = make_project()
    project.admit(robot)
    project.hook(listener)
    pipeline = Pipeline(galley, robot, f"{project.api.name}/{project.name}", tmp_path)
    listener.tell(pipeline.take)
    made = Team(project, robot, listener, pipeline, engine)
    try:
        yield made
    finally:
        eventually(pipeline.is_idle, "no run goes on", 600)
        galley("down", "--name", made.preview, at=project.path)
    assert engine.of(made.preview) == []


def test_from_the_first_push_to_the_merge(team: Team) -> None:
    first = team.push(MANIFEST, "one")
    team.project.open("feature", "One")
    succeeded(team.runs(1))
    assert team.version() == "one"
    eventually(lambda: team.stages() == ["building", "running"], "what the comment said was delivered")

    stuck = team.push(NEVER, "two")
    eventually(lambda: team.stages()[2:] == ["building"], "the second update has begun", 240)
    second = team.push(MANIFEST, "three")
    older, newer = sorted(team.runs(2), key=lambda run: run.begun)
    succeeded([older, newer])
    assert older.overlaps(newer)
    assert f"superseded by commit {second[:10]}" in older.done.text
    assert team.version() == "three"
    assert "| `cache` | ready | kept |" in team.comment()

    broken = team.push(BROKEN, "four")
    (failed,) = team.runs(1)
    assert failed.done.code == 1, failed.done.text
    assert "failed**" in team.comment()
    assert "no such table" in team.comment()
    assert "exited with code 3" in team.comment()

    fixed = team.push(MANIFEST, "five")
    succeeded(team.runs(1))
    assert team.version() == "five"

    team.project.comment(1, "/galley extend 2d")
    (run,) = succeeded(team.runs(1))
    assert "extend" in run.done.text
    assert "Done (extend)" in team.comment()

    team.project.api.post(f"{team.project.at}/pulls/1/merge", {"Do": "merge"})
    succeeded(team.runs(1))
    assert team.engine.of(team.preview) == []
    assert "The pull request is merged." in team.comment()

    eventually(lambda: team.stages()[-1] == "removed", "the last delivery")
    main = [stage for stage in team.stages() if stage not in ("queued", "superseded")]
    assert [stage for stage, _ in itertools.groupby(main)] == [
        *("building", "running", "building", "running", "building", "failed"),
        *("building", "running", "removed"),
    ]
    ends = {commit: team.marks(commit)[-1] for commit in (first, second, broken, fixed)}
    assert ends == {first: "success", second: "success", broken: "failure", fixed: "success"}
    assert team.marks(stuck)[0] == "pending"
    assert team.marks(stuck)[-1] != "pending"


def succeeded(runs: list[Run]) -> list[Run]:
    assert [run.done.code for run in runs] == [0] * len(runs), transcript(runs)
    return runs
