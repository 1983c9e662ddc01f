"""A full host: it is declared full by settings, never filled. Other previews may live on the same engine."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.command import Completed
from tests.integration.harness.preview import Preview
from tests.integration.harness.repository import Repository
from tests.integration.harness.web import eventually

MANIFEST = """\
version: 1
services:
  work: {kind: worker, image: "python:3.12-alpine", start: sleep 3600, resources: {cpus: 0.1, memory: 64m}}
"""
NO_ROOM = 3
"""The exit code: something on the machine is missing."""

Make = Callable[[str], Preview]


@pytest.fixture
def repository(make_repository: MakeRepository) -> Repository:
    return make_repository().manifest(MANIFEST)


@pytest.fixture
def previews(repository: Repository, make_preview: MakePreview) -> Iterator[Make]:
    """Previews of one project, by branch; all of them are taken down at the end."""
    made: dict[str, Preview] = {}

    def make(branch: str) -> Preview:
        return made.setdefault(branch, make_preview(repository, branch))

    yield make
    for preview in made.values():
        preview.__exit__(None, None, None)


def configure(preview: Preview, **settings: str) -> None:
    """Settings of the whole project."""
    for name, value in settings.items():
        done = preview.galley("config", "set", name, value, at=preview.repository.path)
        assert done.code == 0, done.text


def refused(preview: Preview, verb: str = "up") -> Completed:
    done = preview.run(verb)
    assert done.code == NO_ROOM, done.text
    assert f"there is no room for {preview.name}" in done.err
    return done


def state(preview: Preview) -> str:
    return str(preview.status()["state"])


def test_one_that_no_host_of_this_size_can_hold(previews: Make) -> None:
    first = previews("first")
    configure(first, memoryOvercommit="0.0001", hostPolicy="queue")
    done = refused(first)
    assert "memory: its limits come to 64 MiB" in done.err
    assert "`resources` in the manifest" in done.err, "waiting would not help, so it does not wait"
    assert first.left() == []
    listed = first.galley("ls", "--json", at=first.repository.path).json
    assert first.name not in [one["preview"] for one in listed], "nothing was begun, a stack neither"


def test_disk_and_subnets_are_looked_at_before_anything_starts(previews: Make) -> None:
    first, second = previews("first"), previews("second")
    configure(first, subnetPool="10.214.77.0/26")
    first.up()
    assert "no free subnet is left in 10.214.77.0/26" in refused(second).err
    configure(first, diskReserve="900000g")
    done = refused(second)
    assert "no free subnet" in done.err
    assert "disk:" in done.err, "all of it is said at once"
    assert second.left() == []


def test_what_is_awake_and_does_not_grow_is_never_refused(previews: Make) -> None:
    first = previews("first")
    first.up()
    configure(first, memoryOvercommit="0.0001")
    assert "nothing to change" in first.up().err
    first.repository.replace("galley.yaml", "sleep 3600", "sleep 3601")
    first.up()
    before = first.ids()
    first.repository.replace("galley.yaml", "memory: 64m", "memory: 65m")
    assert "memory:" in refused(first).err
    assert first.ids() == before
    assert state(first) == "running"


def test_memory_that_another_preview_has_is_not_there_twice(previews: Make) -> None:
    first, second = previews("first"), previews("second")
    first.up()
    total = first.engine.client.info()["MemTotal"]
    configure(first, memoryOvercommit=f"{100 * 1024**2 / total:.6f}")
    done = refused(second)
    assert "64 MiB" in done.err
    assert "galley sleep" in done.err
    assert state(second) == "absent"


def test_a_cap_on_the_previews_of_a_project(previews: Make) -> None:
    first, second = previews("first"), previews("second")
    configure(first, maxPreviews="1")
    first.up()
    assert f"previews: {first.repository.project} has 1 awake, and may have 1" in refused(second).err
    assert first.run("sleep").code == 0
    second.up()
    assert "previews:" in refused(first, "wake").err, "waking needs room as well"
    assert (state(first), state(second)) == ("asleep", "running")


def test_a_queue_waits_until_there_is_room(previews: Make) -> None:
    first, second = previews("first"), previews("second")
    configure(first, maxPreviews="1", hostPolicy="queue", queueTimeout="5m")
    first.up()
    with second.background("up") as waiting:
        assert "for 5 min at most: previews:" in waiting.line("waits for room")
        assert second.left() == []
        assert first.run("sleep").code == 0
        done = waiting.wait()
    assert done.code == 0, done.text
    assert (state(first), state(second)) == ("asleep", "running")


def test_a_queue_has_an_end_and_can_be_left(previews: Make) -> None:
    first, second = previews("first"), previews("second")
    configure(first, maxPreviews="1", hostPolicy="queue", queueTimeout="2s")
    first.up()
    assert "after 2 s" in refused(second).err
    configure(first, queueTimeout="5m")
    with second.background("up") as waiting:
        waiting.line("waits for room")
        waiting.signal(signal.SIGTERM)
        assert waiting.wait(30).code == 130
    assert second.left() == []


def test_the_oldest_that_is_not_pinned_is_put_to_sleep(previews: Make) -> None:
    pinned, old, young, new = map(previews, ("pinned", "old", "young", "new"))
    for preview in (pinned, old, young):
        preview.up()
    assert pinned.run("pin").code == 0
    configure(new, maxPreviews="3", hostPolicy="sleep")
    done = new.up()
    assert f"{old.name} was put to sleep to make room (previews:" in done.err
    assert [state(one) for one in (pinned, old, young, new)] == ["running", "asleep", "running", "running"]
    assert f"room for {new.name}" in old.run("status").out
    old.up()
    assert [state(one) for one in (pinned, old, young, new)] == ["running", "running", "asleep", "running"]


def test_nobody_is_put_to_sleep_where_all_are_pinned(previews: Make) -> None:
    first, second = previews("first"), previews("second")
    first.up()
    assert first.run("pin").code == 0
    configure(first, maxPreviews="1", hostPolicy="sleep")
    refused(second)
    assert state(first) == "running"


def test_of_two_at_once_only_one_gets_the_last_place(previews: Make) -> None:
    """Neither has a container yet when the other asks: what was promised counts."""
    both = [previews("first"), previews("second")]
    configure(both[0], maxPreviews="1")
    ended: dict[str, Completed] = {}

    def bring_up(preview: Preview) -> None:
        ended[preview.name] = preview.run("up")

    threads = [threading.Thread(target=bring_up, args=(preview,)) for preview in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done.code for done in ended.values()) == [0, NO_ROOM], [
        done.text for done in ended.values()
    ]
    (up,) = [preview for preview in both if ended[preview.name].code == 0]
    eventually(lambda: state(up) == "running", "the one that got it is up")
