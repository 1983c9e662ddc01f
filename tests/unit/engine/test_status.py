"""What a preview's objects amount to: every state of a container and of its check."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from galley_iac.engine import labels
from galley_iac.engine.live import Live
from galley_iac.engine.status import PreviewStatus, ServiceStatus, preview_status, service_status
from tests.unit.engine.support import container, job, live, network, probe, router


def judged(*found: Any) -> tuple[str, str]:
    """State and reason of the first container's service."""
    status = service_status(live(*found), found[0].service)
    return status.state, status.reason


@pytest.mark.parametrize(
    ("check", "state", "reason"),
    [
        (None, "running", ""),
        (probe(state="exited"), "ready", ""),
        (probe(state="running"), "waiting", "it has not answered its readiness check yet"),
        (probe(state="created"), "waiting", "it has not answered its readiness check yet"),
        (probe(state="exited", exit_code=1), "failed", "it did not answer its readiness check"),
        (probe(state="exited", exit_code=137), "failed", "it did not answer its readiness check"),
    ],
)
def test_a_running_service_is_as_ready_as_its_check(check: Any, state: str, reason: str) -> None:
    assert judged(container(), *([check] if check else [])) == (state, reason)


@pytest.mark.parametrize(
    ("fields", "state", "reason"),
    [
        ({"state": "created"}, "failed", "it was never started"),
        ({"state": "created", "error": "port is taken"}, "failed", "port is taken"),
        ({"state": "exited", "exit_code": 3}, "crashed", "exited with code 3"),
        ({"state": "exited", "exit_code": 0}, "crashed", "exited with code 0"),
        ({"state": "exited", "exit_code": 0, "restart": "unless-stopped"}, "crashed", "exited with code 0"),
        ({"state": "exited", "exit_code": 0, "restart": "no"}, "done", ""),
        ({"state": "exited", "exit_code": 0, "restart": "on-failure"}, "done", ""),
        ({"state": "exited", "exit_code": 1, "restart": "no"}, "crashed", "exited with code 1"),
        ({"state": "dead", "exit_code": 1}, "crashed", "exited with code 1"),
        ({"state": "paused"}, "paused", "`docker unpause` lets it go on"),
        (
            {"state": "restarting", "exit_code": 2},
            "restarting",
            "exited with code 2, and again after each restart",
        ),
        (
            {"state": "exited", "exit_code": 127, "error": "executable file not found"},
            "crashed",
            "exited with code 127 (executable file not found)",
        ),
        (
            {"state": "exited", "exit_code": 137, "oom_killed": True},
            "crashed",
            "exited with code 137 (out of memory: it needs more memory than resources.memory allows)",
        ),
    ],
)
def test_a_service_that_does_not_run(fields: dict[str, Any], state: str, reason: str) -> None:
    assert judged(container(**fields), probe()) == (state, reason)


@pytest.mark.parametrize(
    ("fields", "state", "reason"),
    [
        ({"state": "running"}, "running", ""),
        ({"state": "created"}, "failed", "it was never started"),
        ({"state": "created", "error": "no such image"}, "failed", "no such image"),
        ({"state": "exited"}, "done", ""),
        ({"state": "exited", "exit_code": 1}, "failed", "exited with code 1"),
        (
            {"state": "exited", "exit_code": 137, "oom_killed": True},
            "failed",
            "exited with code 137 (out of memory: it needs more memory than resources.memory allows)",
        ),
    ],
)
def test_a_job(fields: dict[str, Any], state: str, reason: str) -> None:
    assert judged(job(**fields)) == (state, reason)


def test_no_container() -> None:
    assert service_status(Live(), "api") == ServiceStatus(
        "api", "", "missing", reason="its container does not exist"
    )


@pytest.mark.parametrize("state", ["exited", "restarting", "dead"])
def test_an_exit_code_is_told_where_there_is_one(state: str) -> None:
    assert service_status(live(container(state=state, exit_code=4)), "api").exit_code == 4


@pytest.mark.parametrize("state", ["running", "created", "paused"])
def test_an_exit_code_of_something_that_has_not_ended_is_no_exit_code(state: str) -> None:
    assert service_status(live(container(state=state, exit_code=4)), "api").exit_code is None


def test_the_url_is_the_router_s() -> None:
    found = live(
        container(), container("db", kind="database"), router(urls={"api": "http://api.p.localhost"})
    )
    assert service_status(found, "api").url == "http://api.p.localhost"
    assert service_status(found, "db").url == ""


def state_of(*states: str) -> str:
    services = tuple(ServiceStatus(f"s{number}", "api", state) for number, state in enumerate(states))
    return PreviewStatus("p", "shop", "main", None, services).state


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), "absent"),
        (("ready",), "running"),
        (("ready", "running", "done"), "running"),
        (("done",), "running"),
        (("ready", "waiting"), "degraded"),
        (("ready", "failed"), "degraded"),
        (("ready", "crashed"), "degraded"),
        (("ready", "restarting"), "degraded"),
        (("ready", "paused"), "degraded"),
        (("ready", "missing"), "degraded"),
        (("asleep",), "asleep"),
        (("asleep", "done"), "asleep"),
        (("asleep", "ready"), "degraded"),
    ],
)
def test_all_services_together(states: tuple[str, ...], expected: str) -> None:
    assert state_of(*states) == expected


def test_a_preview_s_services_by_name_without_its_own_machinery() -> None:
    found = live(container("web"), container("api"), probe("api"), router(), job("migrate"))
    status = preview_status("p", found)
    assert [service.service for service in status.services] == ["api", "migrate", "web"]
    assert (status.project, status.branch, status.pull_request) == ("shop", "main", None)


def test_a_pull_request_s() -> None:
    own = {labels.PROJECT: "shop", labels.PULL_REQUEST: "12"}
    status = preview_status("p", Live((container(),), (network(labels=own),)))
    assert (status.branch, status.pull_request) == ("", 12)


def test_without_a_network_nothing_is_known_but_the_services() -> None:
    status = preview_status("p", Live((container(),)))
    assert (status.project, status.state) == ("", "running")


def test_the_fixed_form() -> None:
    """Scripts rely on these names."""
    found = live(container(), probe(), job(exit_code=1), router(urls={"api": "http://x"}))
    assert preview_status("p", found).as_data() == {
        "preview": "p",
        "project": "shop",
        "branch": "main",
        "target": "docker",
        "state": "degraded",
        "services": {
            "api": {"kind": "api", "state": "ready", "image": "acme/api:1", "url": "http://x"},
            "migrate": {
                "kind": "worker",
                "state": "failed",
                "image": "acme/api:1",
                "exit_code": 1,
                "reason": "exited with code 1",
            },
        },
    }


def test_the_short_form() -> None:
    status = dataclasses.replace(preview_status("p", live(container())), pull_request=3)
    data = status.as_data(details=False)
    assert "services" not in data
    assert data["pr"] == 3
    assert set(data) == {"preview", "project", "branch", "target", "state", "pr"}
