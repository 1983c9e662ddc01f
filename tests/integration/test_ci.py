"""``galley ci`` on a real engine, with a fake of GitHub: what one pull request lives through.

A real forge sends its own deliveries in tests of its own; here the forge's state can be changed between two
questions, and a commit can be made to take as long as the test needs.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from galley_iac.plan.identity import Identity, preview_name
from tests.fake_forge import TOKEN, FakeForge, Server, serve
from tests.integration.conftest import MakeRepository
from tests.integration.harness.command import Completed, Galley, Running
from tests.integration.harness.engine import Engine
from tests.integration.harness.repository import Repository
from tests.integration.harness.web import eventually

MANIFEST = """\
version: 1
services:
  api: {kind: api, build: ./, expose: 8000, health: /status/200}
  cache: {kind: cache, image: "redis:7-alpine", expose: 6379}
"""
NEVER = MANIFEST.replace("/status/200", "{path: /status/500, timeout: 300s}")
"""An update of this ends when it is asked to, and not before."""

BROKEN = """\
version: 1
services:
  api: {kind: api, build: {path: ./, start: "sh -c 'echo `@all` $SECRET; exit 3'"}, expose: 8000,
        env: {SECRET: "${SECRET}"}, restart: never}
"""


class Team:
    """A repository with a pull request, its forge, and a runner's checkout of ``main``."""

    def __init__(
        self, galley: Galley, engine: Engine, origin: Repository, server: Server, work: Path
    ) -> None:
        self.galley, self.engine, self.origin, self.server = galley, engine, origin, server
        self.runner, self.work = Repository(work / origin.project), work
        self.forge = FakeForge(f"acme/{origin.project}")
        server.answer = self.forge.answer
        self.name = preview_name(Identity(origin.project, pull_request=12))
        origin.git("clone", "--quiet", str(origin.path), str(self.runner.path))
        origin.git("checkout", "--quiet", "-b", "feature")

    def push(self, manifest: str = MANIFEST) -> str:
        """A new commit of the pull request."""
        self.origin.manifest(manifest)
        self.origin.git("add", "--all")
        self.origin.git("commit", "--quiet", "--allow-empty", "--message", "Change")
        self.origin.git("update-ref", "refs/pull/12/head", "HEAD")
        head = (self.origin.path / ".git/refs/heads/feature").read_text().strip()
        self.forge.head = head
        return head

    def options(self, name: str, payload: dict[str, Any]) -> list[str]:
        """What a job is started with."""
        file = self.work / "event.json"
        file.write_text(json.dumps(payload), encoding="utf-8")
        own = ["--event", name, "--payload", str(file)]
        return ["ci", *own, "--forge", "github", "--api", self.server.url, "--json"]

    def job(self, action: str) -> Completed:
        """The job of a pull request's event."""
        return self.run("pull_request", self.forge.event(action))

    def run(self, name: str, payload: dict[str, Any]) -> Completed:
        """The job of an event."""
        return self.galley(*self.options(name, payload), at=self.runner.path, GALLEY_FORGE_TOKEN=TOKEN)

    def background(self, action: str) -> AbstractContextManager[Running]:
        """The same while the test goes on."""
        options = self.options("pull_request", self.forge.event(action))
        return self.galley.background(*options, at=self.runner.path, GALLEY_FORGE_TOKEN=TOKEN)

    def say(self, author: str, body: str) -> Completed:
        """The job of a comment."""
        return self.run("issue_comment", self.forge.comment_event(author, body))

    def comment(self) -> str:
        """The one comment."""
        (body,) = self.forge.mine()
        return body

    def states(self) -> list[str]:
        """What the comment said, one state after another."""
        return [body.partition("`: ")[2].partition("**")[0] for body in self.forge.bodies]


@pytest.fixture
def team(galley: Galley, engine: Engine, make_repository: MakeRepository, tmp_path: Path) -> Iterator[Team]:
    with serve(lambda _asked: (404, {}, {})) as server:
        made = Team(galley, engine, make_repository(name="ci"), server, tmp_path)
        try:
            yield made
        finally:
            done = galley("down", "--name", made.name, at=made.runner.path)
            assert done.code == 0, done.text
        assert engine.of(made.name) == []


def passed(done: Completed) -> Any:
    assert done.code == 0, done.text
    assert TOKEN not in done.text
    return done.json


def test_a_pull_request_from_its_beginning_to_its_end(team: Team) -> None:
    first = team.push()
    opened = passed(team.job("opened"))
    assert (opened["act"], opened["commit"], opened["preview"]) == ("up", first, team.name)
    assert team.states() == ["building", "running"]
    assert opened["urls"][0] in team.comment()
    assert "| `api` | ready | new |" in team.comment()
    assert "The preview expires in 7 d" in team.comment() or "expires in 6 d 23 h" in team.comment()
    assert [(sha, state) for sha, state, _ in team.forge.statuses] == [(first, "pending"), (first, "success")]

    assert team.runner.path.joinpath("galley.yaml").exists() is False, "the checkout stays as it was"

    team.origin.replace("server.py", 'VERSION = "one"', 'VERSION = "two"')
    second = team.push()
    pushed = passed(team.job("synchronize"))
    assert pushed["commit"] == second
    assert "| `api` | ready | replaced (image" in team.comment()
    assert "| `cache` | ready | kept |" in team.comment()

    late = team.forge.event("synchronize")
    team.forge.state, team.forge.merged = "closed", True
    assert passed(team.job("closed"))["act"] == "down"
    assert team.engine.of(team.name) == []
    assert passed(team.run("pull_request", late))["act"] == "down", "an event that comes late opens nothing"
    assert passed(team.job("closed"))["act"] == "down"
    assert "The pull request is merged." in team.comment()
    assert team.states()[-1] == "removed"
    assert list(team.galley.home.glob("locks/*.ci")) == []


def test_a_newer_commit_stops_an_older_one_s_update(team: Team) -> None:
    old = team.push(NEVER)
    with team.background("opened") as running:
        running.line("api: waiting for health", within=180)
        new = team.push()
        newer = team.job("synchronize")
        older = running.wait()
    assert passed(newer)["commit"] == new
    assert "was asked to stop" in newer.err
    assert passed(older)["superseded"].startswith(f"superseded by commit {new[:10]}")
    assert "stopping after what is in flight" in older.err
    assert new[:10] in team.comment()
    assert team.states()[-1] == "running"
    assert [state for sha, state, _ in team.forge.statuses if sha == new][-1] == "success"
    assert [state for sha, state, _ in team.forge.statuses if sha == old][-1] == "error"


def test_closing_stops_an_update_and_wins_over_it(team: Team) -> None:
    team.push(NEVER)
    with team.background("opened") as running:
        running.line("api: waiting for health", within=180)
        team.forge.state = "closed"
        assert passed(team.job("closed"))["act"] == "down"
        assert "superseded by down" in passed(running.wait())["superseded"]
    assert team.engine.of(team.name) == []
    assert team.states()[-1] == "removed"


def test_a_full_host_is_said_while_it_is_waited_for(team: Team) -> None:
    """Full by the project's own cap, which another preview of it takes up."""
    project, first = team.origin.project, f"first-{team.origin.project}"
    for name, value in {"maxPreviews": "1", "hostPolicy": "queue", "queueTimeout": "5m"}.items():
        assert team.galley("config", "set", name, value, at=team.runner.path).code == 0
    team.push('version: 1\nservices:\n  cache: {kind: cache, image: "redis:7-alpine", expose: 6379}\n')
    assert team.galley("up", "--branch", "first", at=team.origin.path).code == 0
    with team.background("opened") as running:
        running.line("waits for room")
        eventually(lambda: team.states() == ["building", "queued"], "the comment says so")
        said = f"It waits for room, for 5 min at most: previews: {project} has 1 awake, and may have 1."
        assert said in team.comment()
        assert team.galley("down", "--name", first, at=team.origin.path).code == 0
        passed(running.wait())
    assert team.states() == ["building", "queued", "building", "running"]


def test_what_was_overtaken_while_it_waited_does_nothing(team: Team) -> None:
    """The head changes after the job has decided, and before it is its turn."""
    old = team.push()
    questions = 0

    def overtaken(asked: Any) -> None:
        nonlocal questions
        questions += asked.path.endswith("/pulls/12")
        if questions == 2:
            team.forge.before = lambda _asked: None
            team.push()

    team.forge.before = overtaken
    done = passed(team.job("opened"))
    assert done["commit"] == old
    assert f"superseded by commit {team.forge.head[:10]}" in done["superseded"]
    assert team.engine.of(team.name) == []
    assert team.forge.mine() == []


def test_what_was_overtaken_after_it_has_spoken_does_not_keep_the_last_word(team: Team) -> None:
    """The newest commit's own run never comes, or was over before this one said that it waits."""
    team.push(NEVER)

    def overtaken(asked: Any) -> None:
        if team.states()[-1:] == ["queued"] and asked.path.endswith("/pulls/12"):
            team.forge.before = lambda _asked: None
            team.push()

    with team.background("opened") as running:
        running.line("api: waiting for health", within=180)
        team.push()
        team.forge.before = overtaken
        done = passed(team.job("synchronize"))
        passed(running.wait())
    assert f"superseded by commit {team.forge.head[:10]}" in done["superseded"]
    assert team.forge.head[:10] in team.comment()
    assert team.states()[-1] == "running"


def test_what_was_stopped_or_has_failed_is_told_without_secrets_and_mended(team: Team) -> None:
    project = ("--project", team.origin.project)
    for value in ("SECRET",):
        done = team.galley(
            *("secret", "set", value, "--from-env", "VALUE", *project),
            at=team.runner.path,
            VALUE="hush-hush-1",
        )
        assert done.code == 0, done.text
    team.push(NEVER)
    with team.background("opened") as running:
        running.line("api: waiting for health", within=180)
        running.signal(signal.SIGTERM)
        assert running.wait().code == 130, "nothing newer is why: somebody stopped it"
    broken = team.push(BROKEN)
    failed = team.job("synchronize")
    assert failed.code == 1, failed.text
    assert team.states() == ["building", "interrupted", "building", "failed"]
    assert "exited with code 3" in team.comment()
    assert "hush-hush-1" not in "".join(team.forge.bodies)
    assert "********" in team.comment()
    assert "@all" not in team.comment(), "nobody is called"
    assert team.forge.statuses[-1][:2] == (broken, "failure")

    wrong = team.push("version: 1\nservices: {api: {imaeg: x}}\n")
    refused = team.job("synchronize")
    assert refused.code == 2, refused.text
    assert "imaeg" in team.comment()
    assert "/galley-" not in team.comment(), "where it was checked out is nobody's business"
    assert team.forge.statuses[-1][:2] == (wrong, "failure")

    team.push()
    passed(team.job("synchronize"))
    assert team.states()[-1] == "running"
    assert len(team.forge.mine()) == 1


def test_an_outsider_waits_for_an_approval_of_each_commit(team: Team) -> None:
    team.forge.fork = True
    first = team.push()
    assert passed(team.job("opened"))["act"] == "wait for approval"
    assert f"/galley approve {first}" in team.comment()
    assert team.engine.of(team.name) == []
    passed(team.say("ann", f"/galley approve {first}"))
    passed(team.say("max", f"/galley approve {'0' * 40}"))
    assert team.engine.of(team.name) == []
    assert "another commit than the newest" in team.comment()

    approved = passed(team.say("max", f"/galley approve {first}"))
    assert (approved["act"], team.states()[-1]) == ("up", "running")
    second = team.push()
    assert passed(team.job("synchronize"))["act"] == "wait for approval"
    assert f"/galley approve {second}" in team.comment()
    assert f"Commit {first[:10]} goes on running." in team.comment()
    assert team.engine.of(team.name)


def test_comments(team: Team) -> None:
    team.push()
    passed(team.job("opened"))
    assert passed(team.say("eve", "/galley down"))["act"] == "nothing"
    assert passed(team.say("max", "/galley extend 2d"))["act"] == "extend"
    assert "expires in 8 d 23 h" in team.comment() or "expires in 9 d" in team.comment()
    assert passed(team.say("ann", "/galley fly"))["act"] == "nothing"
    assert "there is no command `fly`" in team.comment()
    assert passed(team.say("ann", "/galley sleep"))["act"] == "sleep"
    assert team.states()[-1] == "asleep"
    assert passed(team.say("ann", "/galley wake"))["act"] == "wake"
    assert team.states()[-1] == "running"

    assert passed(team.say("ann", "/galley rebuild"))["act"] == "up"
    assert "| `api` | ready | replaced (image" in team.comment(), "built anew, though nothing has changed"
    newest = team.push()
    behind = passed(team.say("max", "/galley pin"))
    assert (behind["act"], behind["commit"]) == ("up", newest), "the push's own run was pushed out"
    assert newest[:10] in team.comment()
    assert passed(team.say("ann", "/galley down"))["act"] == "down"
    assert team.states()[-1] == "removed"
    assert len(team.forge.mine()) == 1
