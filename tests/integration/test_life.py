"""Time: sleeping and waking, pinning and extending, on a real engine and with Pulumi's own tags."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from galley_iac import timing
from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.preview import Preview

MANIFEST = """\
version: 1
services:
  api:
    kind: api
    build: ./
    expose: 8000
    depends_on: [cache, count]
    health: /status/200
  cache: {kind: cache, image: "redis:7-alpine", expose: 6379}
  count:
    kind: worker
    restart: never
    image: redis:7-alpine
    start: redis-cli -h cache incr runs
    depends_on: [cache]
"""
"""A service that waits for data and for a job; the job leaves in the data how often it has run."""

DAY = 86400.0


@pytest.fixture(scope="module")
def preview(make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:
    """A preview that every test finds awake, and leaves awake."""
    repository = make_repository()
    repository.manifest(MANIFEST)
    with make_preview(repository) as made:
        made.up()
        yield made


def started(preview: Preview, name: str) -> float:
    return timing.seconds(preview.inspect(name)["State"]["StartedAt"])


def finished(preview: Preview, name: str) -> float:
    return timing.seconds(preview.inspect(name)["State"]["FinishedAt"])


def running(preview: Preview) -> set[str]:
    return {name for name in preview.ids() if preview.inspect(name)["State"]["Running"]}


def runs(preview: Preview) -> str:
    code, output = preview.execute("cache", "redis-cli", "get", "runs")
    assert code == 0
    return output.strip().strip('"')


def tags(preview: Preview) -> dict[str, str]:
    """As Pulumi's own command lists them."""
    galley = preview.galley
    found = galley("env", "--json", at=preview.repository.path)
    command = [str(galley.tools.pulumi), "stack", "tag", "ls", "--json", "--stack", preview.name]
    listed = galley.run(command, at=galley.home / "workspace", **found.json)
    assert listed.code == 0, listed.text
    return {name: value for name, value in listed.json.items() if name.startswith("galley:")}


def done(preview: Preview, verb: str, *words: str) -> Any:
    """A verb that has to succeed; its data."""
    completed = preview.run(verb, *words, "--json")
    assert completed.code == 0, completed.text
    return completed.json


def test_sleep_stops_everything_and_keeps_everything(preview: Preview) -> None:
    before = preview.ids()
    assert done(preview, "sleep") == {
        "preview": preview.name,
        "state": "asleep",
        "stopped": ["api", "cache", "router"],
    }
    try:
        assert running(preview) == set()
        assert preview.ids() == before
        assert preview.status()["state"] == "asleep"
        assert preview.states() == {"api": "asleep", "cache": "asleep", "count": "done"}
        assert preview.run("status").code == 0, "asleep is as it should be"
        assert [line for line in preview.left() if line.startswith("volume")]
        policies = {
            name: preview.inspect(name)["HostConfig"]["RestartPolicy"]["Name"] for name in ("api", "router")
        }
        assert set(policies.values()) == {"unless-stopped"}, "a restart of the engine starts none of them"
        again = done(preview, "sleep")
        assert again["stopped"] == []
    finally:
        done(preview, "wake")


def test_wake_starts_the_same_containers_in_order_and_runs_no_job(preview: Preview) -> None:
    before, job = preview.ids(), started(preview, "count")
    done(preview, "sleep")
    slept = time.time()
    woken = preview.run("wake")
    assert woken.code == 0, woken.text
    assert preview.ids() == before
    assert preview.states() == {"api": "ready", "cache": "ready", "count": "done"}
    assert preview.ask("api").json == {"version": "one"}
    assert started(preview, "count") == job
    assert runs(preview) == "1", "the data is there, and the job has not run again"
    assert slept - 1 < started(preview, "cache") < finished(preview, "cache.ready") < started(preview, "api")
    assert finished(preview, "api.ready") > started(preview, "api")
    order = [line.split(" (")[0] for line in woken.err.splitlines() if line.startswith(("cache:", "api:"))]
    steps = ("starting", "waiting for health", "ready")
    assert order == [f"{service}: {step}" for service in ("cache", "api") for step in steps]
    assert preview.url("api") in woken.out
    assert "nothing to change" in preview.up("--full").err, "Pulumi sees no difference either"


def test_up_wakes_and_changes_nothing_else(preview: Preview) -> None:
    before = preview.ids()
    done(preview, "sleep")
    updated = preview.up()
    assert "is asleep; waking it" in updated.err
    assert "nothing to change" in updated.err
    assert preview.ids() == before
    assert preview.status()["state"] == "running"
    assert "galley:asleep" not in tags(preview)


def test_up_of_a_sleeping_preview_replaces_only_what_has_changed(preview: Preview) -> None:
    before = preview.ids()
    done(preview, "sleep")
    preview.repository.replace("server.py", 'VERSION = "one"', 'VERSION = "two"')
    try:
        preview.up()
        after = preview.ids()
        assert {name for name in before if before[name] != after[name]} == {"api", "api.ready"}
        assert preview.ask("api").json == {"version": "two"}
        assert runs(preview) == "1"
    finally:
        preview.repository.replace("server.py", 'VERSION = "two"', 'VERSION = "one"')
        preview.up()


def test_a_crash_is_no_sleep(preview: Preview) -> None:
    preview.engine.client.api.stop(preview.ids()["api"], timeout=0)
    assert preview.states()["api"] == "crashed"
    assert preview.status()["state"] == "degraded"
    assert preview.run("wake").code == 0, "whatever does not run is started"
    assert preview.status()["state"] == "running"


def test_all_crashed_is_no_sleep_either(preview: Preview) -> None:
    for name in ("api", "cache", "router"):
        preview.engine.client.api.stop(preview.ids()[name], timeout=0)
    assert preview.status()["state"] == "degraded"
    done(preview, "wake")


def test_a_container_that_was_removed_cannot_be_woken_but_brought_up(preview: Preview) -> None:
    done(preview, "sleep")
    preview.engine.client.api.remove_container(preview.ids()["api"])
    refused = preview.run("wake")
    assert refused.code == 1
    assert "the container of api does not exist any more" in refused.err
    preview.up()
    assert preview.status()["state"] == "running"
    assert runs(preview) == "1"


def test_what_is_not_there_can_neither_sleep_nor_wake(preview: Preview) -> None:
    for verb in ("sleep", "wake", "pin", "unpin"):
        refused = preview.galley(
            verb, "--name", f"none-{preview.repository.project}", at=preview.repository.path
        )
        assert refused.code == 2, refused.text
        assert "galley ls" in refused.err


def test_down_of_a_sleeping_preview(make_repository: MakeRepository, make_preview: MakePreview) -> None:
    with make_preview(make_repository().manifest(MANIFEST)) as preview:
        preview.up()
        done(preview, "sleep")
        assert preview.run("down").code == 0
        assert preview.left() == []


def test_up_notes_what_it_is_about_and_nothing_twice(preview: Preview) -> None:
    repository = preview.repository
    repository.git("commit", "--allow-empty", "--quiet", "--message", "Next")
    preview.up()
    found = tags(preview)
    assert json.loads(found["galley:identity"]) == {"branch": "main", "project": repository.project}
    assert len(found["galley:commit"]) == 40
    assert found["galley:author"] == "Test"
    preview.up()
    again = tags(preview)
    assert again.pop("galley:activity"), "Pulumi did nothing, so it noted no time"
    assert again == {name: value for name, value in found.items() if name != "galley:activity"}


def test_every_update_is_activity(preview: Preview) -> None:
    preview.up()
    first = expires(preview)
    time.sleep(1.1)
    assert "nothing to change" in preview.up().err
    assert expires(preview) > first


def test_waking_is_activity(preview: Preview) -> None:
    first = expires(preview)
    done(preview, "sleep")
    assert expires(preview) == first, "sleeping is none"
    done(preview, "wake")
    assert expires(preview) > first


def test_pin_and_unpin(preview: Preview) -> None:
    assert done(preview, "pin") == {"preview": preview.name, "pinned": True}
    assert tags(preview)["galley:pinned"] == "true"
    assert "pinned" in preview.run("status").out
    assert done(preview, "unpin") == {"preview": preview.name, "pinned": False}
    assert "galley:pinned" not in tags(preview)
    assert "expires in" in preview.run("status").out


def test_extend_adds_to_what_is_left(preview: Preview) -> None:
    first = expires(preview)
    until = timing.seconds(done(preview, "extend", "2d")["expires"])
    assert until == pytest.approx(first + 2 * DAY, abs=1)
    assert expires(preview) == until
    refused = preview.run("extend", "2")
    assert refused.code == 2
    assert "2d" in refused.err


def test_a_project_s_ttl_counts_at_once(preview: Preview) -> None:
    at = preview.repository.path
    assert preview.galley("config", "set", "ttl", "30d", at=at).code == 0
    try:
        assert expires(preview) > time.time() + 29 * DAY
        preview.up()
        assert tags(preview)["galley:ttl"] == "30d", "for whoever has not this home's settings"
    finally:
        assert preview.galley("config", "rm", "ttl", at=at).code == 0
        preview.up()
    assert "galley:ttl" not in tags(preview)


def expires(preview: Preview) -> float:
    """The moment that `galley status` names."""
    shown = preview.run("status").out
    return timing.seconds(shown.rpartition("(")[2].partition(")")[0])


def test_a_port_that_was_taken_meanwhile(preview: Preview) -> None:
    """A stopped router holds no port. What wakes it finds another program there: said, and mended by `up`."""
    done(preview, "sleep")
    port = int(preview.inspect("router")["HostConfig"]["PortBindings"]["80/tcp"][0]["HostPort"])
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        woken = preview.run("wake")
        assert woken.code == 1, woken.text
        assert str(port) in woken.err
        assert "galley up" in woken.err
        preview.up()
        assert not preview.url("api").endswith(f":{port}")
        assert preview.ask("api").status == 200
    assert runs(preview) == "1"
