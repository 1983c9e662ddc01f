"""The end of an update: nothing counts as up before it has run for a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from galley_iac.automation import settle as module
from galley_iac.automation.settle import Expected, of_live, of_plan, settle, unhealthy
from galley_iac.engine import labels
from galley_iac.engine.live import Live, observe
from galley_iac.engine.status import PreviewStatus
from galley_iac.errors import PreviewError
from tests.unit.engine.support import FakeClient, container, info, job, live, probe, router
from tests.unit.plan.support import whole_plan

WEB = Expected("p", ("web",), ("web",), router=False)
ASKED = Expected("p", ("api",), (), router=False)


class FakeTime:
    """A clock that only goes on when one sleeps; what is due at a moment happens then."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.due: list[tuple[float, Any]] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        for moment, what in list(self.due):
            if self.now >= moment:
                self.due.remove((moment, what))
                what()


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    clock = FakeTime()
    monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(module, "age_seconds", lambda started: clock.now - float(started))
    return clock


def service(name: str, role: str = "service", **state: Any) -> dict[str, Any]:
    restarts = state.pop("restarts", 0)
    own = {labels.PREVIEW: "p", labels.SERVICE: name, labels.ROLE: role}
    return {**info(f"p.{name}.{role}", own, **{"StartedAt": "0", **state}), "RestartCount": restarts}


def settled(expected: Expected, *containers: dict[str, Any]) -> PreviewStatus:
    return settle(FakeClient(containers=containers), expected)


def test_a_young_service_is_watched_until_it_is_old_enough(time: FakeTime) -> None:
    status = settled(WEB, service("web"))
    assert status.state == "running"
    assert module.SETTLED_AFTER <= time.now <= module.SETTLED_AFTER + 0.3


def test_an_old_one_is_not_waited_for(time: FakeTime) -> None:
    settled(WEB, service("web", StartedAt="-60"))
    assert time.slept == []


def test_one_that_has_answered_its_check_is_not_waited_for(time: FakeTime) -> None:
    settled(ASKED, service("api"), service("api", "probe", Status="exited"))
    assert time.slept == []


def test_an_engine_whose_clock_is_ahead_does_not_hold_it_up(time: FakeTime) -> None:
    settled(WEB, service("web", StartedAt="3600"))
    assert time.now <= module.SETTLED_AFTER + 0.3


def test_one_that_ends_meanwhile_fails_the_update(time: FakeTime) -> None:
    entry = service("web")
    time.due.append((1.0, lambda: entry["State"].update(Status="exited", ExitCode=1)))
    with pytest.raises(PreviewError) as raised:
        settled(WEB, entry)
    assert str(raised.value).startswith("p is up, but not all of it runs.\nweb: exited with code 1")
    assert 1.0 <= time.now < 1.3


@pytest.mark.usefixtures("time")
def test_one_that_crashes_and_is_started_again_fails_the_update() -> None:
    """It runs whenever one looks."""
    client = FakeClient(containers=[service("web", restarts=1)])
    client.api.events = lambda **_: iter(())  # type: ignore[attr-defined]
    with pytest.raises(PreviewError, match="was restarted 1 times"):
        settle(client, WEB)


@pytest.mark.usefixtures("time")
def test_one_that_crashed_long_ago_does_not() -> None:
    assert settled(WEB, service("web", restarts=1, StartedAt="-60")).state == "running"


@pytest.mark.usefixtures("time")
def test_one_that_is_not_there_fails_the_update() -> None:
    with pytest.raises(PreviewError, match="web: its container does not exist"):
        settled(WEB)


@pytest.mark.usefixtures("time")
def test_a_router_that_does_not_run_fails_the_update() -> None:
    expected = Expected("p", ("web",), (), router=True)
    with pytest.raises(PreviewError, match="router: exited with code 1"):
        settled(expected, service("web"), service("router", "router", Status="exited", ExitCode=1))


def test_what_a_plan_expects() -> None:
    expected = of_plan(whole_plan())
    assert expected == Expected("main-shop", ("db", "migrate", "api", "web"), ("web",), router=True)


def test_what_the_engine_expects() -> None:
    found = live(container("api"), probe("api"), container("web"), job("migrate"), router())
    assert of_live("p", found) == Expected("p", ("api", "web"), ("web",), router=True)
    assert of_live("p", live(container("web"))).router is False
    assert of_live("p", Live()) == Expected("p", (), (), router=False)


def test_unhealthy() -> None:
    found = live(container("api"), probe("api", exit_code=1), container("web"))
    expected = Expected("p", ("api", "web", "db"), (), router=False)
    assert [(one.service, one.state) for one in unhealthy(expected, found)] == [
        ("api", "failed"),
        ("db", "missing"),
    ]


def test_ages_are_the_engine_s() -> None:
    begun = (datetime.now(UTC) - timedelta(seconds=30)).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")
    (found,) = observe(FakeClient(containers=[service("web", StartedAt=begun)]), "p").containers
    assert 28 < module.age_seconds(found.started_at) < 40
