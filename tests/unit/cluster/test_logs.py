"""Pods' output, in the order in which it was written."""

from __future__ import annotations

from galley_iac.cluster.live import observe
from galley_iac.cluster.logs import follow, history, tail
from tests.unit.cluster.support import NAME, FakeApi, container, pod

FIRST = "2020-01-01T00:00:01.000000000Z"
SECOND = "2020-01-01T00:00:02.000000000Z"
THIRD = "2020-01-01T00:00:03.000000000Z"


def test_history_is_merged_by_time() -> None:
    api = FakeApi(pod("api", name="a"), pod("web", name="w"))
    api.logs = {("a", "api"): f"{FIRST} one\n{THIRD} three  x\n", ("w", "web"): f"{SECOND} two\r\n"}
    lines = list(history(api, NAME, observe(api, NAME).pods, 10))
    assert lines == [("api", "one"), ("web", "two"), ("api", "three  x")]


def test_following_repeats_nothing_and_ends_with_the_pods() -> None:
    api = FakeApi(pod("api", name="a"))
    api.logs = {("a", "api"): f"{FIRST} one\n"}
    lines = follow(api, NAME, observe(api, NAME).pods, 10)
    assert next(lines) == ("api", "one")
    api.logs = {("a", "api"): f"{FIRST} one\n{SECOND} two\n"}
    assert list(lines) == [("api", "two")]


def test_of_a_run_that_wrote_nothing_the_one_before() -> None:
    api = FakeApi(pod("api", container("api", "waiting", restarts=1), name="a"))
    (found,) = observe(api, NAME).pods
    api.logs = {("a", "previous"): "Traceback\nKeyError\n"}
    assert tail(api, NAME, found, 5) == ["Traceback", "KeyError"]
    api.logs[("a", "api")] = "again\n"
    assert tail(api, NAME, found, 5) == ["again"]
