"""Two runners that share a backend and an engine, at the same time and in turn."""

from __future__ import annotations

import json
import signal
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.harness.command import Completed
from tests.integration.harness.web import ask_url
from tests.shared.conftest import MakePair, Pair
from tests.shared.runners import Runner


def ok(done: Completed) -> Completed:
    assert done.code == 0, done.text
    return done


def listed(runner: Runner, pair: Pair) -> dict[str, str]:
    """Preview → state, as one runner sees them."""
    done = ok(runner.galley("ls", "--project", pair.repository.project, "--json", at=runner.checkout.path))
    return {entry["preview"]: entry["state"] for entry in done.json}


def status(runner: Runner, branch: str) -> dict[str, Any]:
    found: dict[str, Any] = ok(runner("status", branch, "--json")).json
    return found


def redis(pair: Pair, branch: str, *command: str) -> str:
    """Asks the preview's cache by its own client."""
    cache = pair.engine.containers(pair.preview(branch))["cache"]
    code, output = pair.engine.execute(cache["Id"], ["redis-cli", *command])
    assert code == 0, output
    return output.strip()


def proves_nothing_left(pair: Pair, *branches: str) -> None:
    for branch in branches:
        assert pair.engine.of(pair.preview(branch)) == []
        assert pair.preview(branch) not in pair.stacks()
    volumes = pair.engine.client.api.volumes().get("Volumes") or []
    held = [one["Name"] for one in volumes if pair.repository.project in one["Name"]]
    assert held == []


@pytest.fixture(scope="module", params=["postgres", "s3"])
def pair(request: pytest.FixtureRequest, make_pair: MakePair) -> Iterator[Pair]:
    """Two branches' previews, brought up at the same time by two runners, who are the backend's first."""
    made = make_pair(request.param)
    with made.one.started("up", "red") as red, made.two.started("up", "blue") as blue:
        ok(red.wait())
        ok(blue.wait())
    yield made
    with made.one.started("down", "blue") as blue, made.two.started("down", "red") as red:
        ok(blue.wait())
        ok(red.wait())
    proves_nothing_left(made, "red", "blue")


def test_a_dashboard_shows_where_the_time_went(pair: Pair) -> None:
    """Of a preview that the other has brought up. It comes first: a later update may do nothing."""
    with pair.two.galley.background("dashboard", "--port", "0", at=pair.two.checkout.path) as running:
        url = running.line("the dashboard is at").split()[4].rstrip("/")
        shown = f"{url}/api/previews/{pair.preview('red')}"
        with urllib.request.urlopen(f"{shown}/history", timeout=120) as answer:
            history = json.load(answer)
        running.signal(signal.SIGINT)
        assert running.wait(30).code == 130
    assert history["updates"][0]["result"] == "succeeded"
    steps = {(step["name"], step["what"]): step["end"] - step["start"] for step in history["steps"]}
    assert steps["api", "readiness check"] > 4, "it waits that long before it serves"


def test_each_sees_both_and_may_change_the_other_s(pair: Pair) -> None:
    both = {pair.preview("red"): "running", pair.preview("blue"): "running"}
    assert listed(pair.one, pair) == both == listed(pair.two, pair)
    for branch in ("red", "blue"):
        assert ask_url(status(pair.one, branch)["services"]["api"]["url"]).status == 200

    ok(pair.two("pin", "red"))
    tags = pair.one.pulumi("stack", "tag", "ls", "--json", "--stack", pair.preview("red"))
    assert "galley:pinned" in json.loads(ok(tags).out)
    assert "nothing to change" in ok(pair.two("up", "red")).err


def test_two_updates_of_one_branch(pair: Pair) -> None:
    """One waits for the other, takes nothing of it for leftovers, and goes on from there."""
    assert redis(pair, "red", "SET", "word", "hello") == "OK"
    assert redis(pair, "red", "SAVE") == "OK"
    kept = pair.engine.containers(pair.preview("red"))["cache"]["Id"]

    for runner, version in ((pair.one, "two"), (pair.two, "three")):
        runner.checkout.replace("server.py", 'VERSION = "one"', f'VERSION = "{version}"')
    with pair.one.started("up", "red") as one, pair.two.started("up", "red") as two:
        first, second = ok(one.wait()), ok(two.wait())
    waited = ["waiting for it to end" in done.err for done in (first, second)]
    assert sorted(waited) == [False, True], f"{first.text}\n{second.text}"
    version, other = ("two", two) if waited[0] else ("three", one)
    told = (first if waited[0] else second).err
    assert f"is being worked on by process {other.pid} on " in told

    services = status(pair.one, "red")["services"]
    assert {name: service["state"] for name, service in services.items()} == {
        "api": "ready",
        "cache": "ready",
    }
    assert ask_url(services["api"]["url"]).json == {"version": version}
    assert pair.engine.containers(pair.preview("red"))["cache"]["Id"] == kept
    assert redis(pair, "red", "GET", "word") == "hello"
    last = pair.one if waited[0] else pair.two
    assert "nothing to change" in ok(last("up", "red")).err
