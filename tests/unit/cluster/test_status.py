"""What the objects of a cluster amount to, judged on what its API wrote."""

from __future__ import annotations

import time

import pytest

from galley_iac.cluster.live import observe
from galley_iac.cluster.status import hopeless, preview_status, service_status
from galley_iac.engine.status import OOM_REMEDY
from galley_iac.timing import stamp
from tests.unit.cluster.support import (
    NAME,
    PROBER,
    FakeApi,
    Object,
    container,
    deployment,
    event,
    job,
    namespace,
    pod,
)

ENDED = {"exitCode": 3, "reason": "Error"}
OUT_OF_MEMORY = {"exitCode": 137, "reason": "OOMKilled"}
RUNNING = container("api")
NO_PROGRAM = (
    "failed to create containerd task: OCI runtime create failed: unable to start container process: "
    'exec: "nope": executable file not found in $PATH: unknown'
)


def judged(*objects: Object, service: str = "api") -> tuple[str, str, bool]:
    live = observe(FakeApi(*objects), NAME)
    status = service_status(live, service)
    return status.state, status.reason, hopeless(live, service)


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([pod("api", RUNNING)], ("running", "", False)),
        ([pod("api", RUNNING, container(PROBER), ready=True)], ("ready", "", False)),
        (
            [pod("api", RUNNING, container(PROBER))],
            ("waiting", "it has not answered its readiness check yet", False),
        ),
        ([], ("waiting", "it has no pod yet", False)),
        (
            [pod("api", container("api", "waiting", reason="ContainerCreating"))],
            ("waiting", "it starts", False),
        ),
        ([pod("api")], ("waiting", "it starts", False)),
        (
            [pod("api", container("api", "waiting", reason="ErrImagePull", message="not found"))],
            ("failed", "ErrImagePull: not found", False),
        ),
        (
            [pod("api", container("api", "waiting", reason="ImagePullBackOff", message="Back-off  pulling"))],
            ("failed", "ImagePullBackOff: Back-off pulling", True),
        ),
        (
            [pod("api", container("api", "waiting", reason="RunContainerError", message=NO_PROGRAM))],
            ("failed", 'RunContainerError: exec: "nope": executable file not found in $PATH', True),
        ),
        ([pod("api", container("api", "terminated", **ENDED))], ("crashed", "exited with code 3", False)),
        (
            [pod("api", container("api", "terminated", **OUT_OF_MEMORY))],
            (
                "crashed",
                f"exited with code 137 (OOMKilled, out of memory: {OOM_REMEDY})",
                False,
            ),
        ),
    ],
)
def test_a_service(objects: list[Object], expected: tuple[str, str, bool]) -> None:
    assert judged(deployment("api"), *objects) == expected


@pytest.mark.parametrize(("restarts", "past_help"), [(1, False), (2, True)])
def test_a_crash_loop_is_past_help_after_the_second_restart(restarts: int, past_help: bool) -> None:
    loop = container("api", "waiting", restarts=restarts, last=ENDED, reason="CrashLoopBackOff")
    state, reason, hopeless = judged(deployment("api"), pod("api", loop))
    assert (state, hopeless) == ("restarting", past_help)
    assert reason == "CrashLoopBackOff: it exited with code 3, and again after each restart"


def test_a_check_that_was_not_answered_in_time_says_what_it_saw() -> None:
    said = "Startup probe failed: http on port 8000: GET / answered 500, expected 200 (waited 30 s)\n"
    objects = [
        deployment("api"),
        pod("api", RUNNING, container(PROBER, restarts=1)),
        event("api-5d9c7-x1", "Unhealthy", said),
        event("api-worker-5d9c7-x1", "Unhealthy", "Startup probe failed: another's"),
    ]
    reason = "not ready: http on port 8000: GET / answered 500, expected 200 (waited 30 s)"
    assert judged(*objects) == ("failed", reason, True)


def test_a_later_check_that_fails_is_not_the_end() -> None:
    """The prober was not restarted, so it was the readiness probe: the service may come back."""
    objects = [
        pod("api", RUNNING, container(PROBER)),
        event("api-5d9c7-x1", "Unhealthy", "Readiness probe failed: x"),
    ]
    assert judged(deployment("api"), *objects)[0] == "waiting"


@pytest.mark.parametrize(("age", "past_help"), [(0, False), (3600, True)])
def test_what_no_node_takes(age: int, past_help: bool) -> None:
    found = pod("api", unplaced="0/1 nodes are available", created=stamp(time.time() - age))
    assert judged(deployment("api"), found) == (
        "failed",
        "Unschedulable: 0/1 nodes are available",
        past_help,
    )


def test_what_the_quota_or_pod_security_refuses() -> None:
    refused = event("api-5d9c7bd89c", "FailedCreate", 'pods "api-x" is forbidden: exceeded quota: quota')
    others = event("api-worker-5d9c7bd89c", "FailedCreate", "another's")
    expected = ("failed", 'FailedCreate: pods "api-x" is forbidden: exceeded quota: quota', True)
    assert judged(deployment("api"), refused, others) == expected
    assert judged(deployment("api"), others)[0] == "waiting"


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([job("api", "Complete")], ("done", "", False)),
        (
            [job("api", "Failed"), pod("api", container("api", "terminated", **ENDED))],
            ("failed", "exited with code 3", False),
        ),
        ([job("api", "Failed")], ("failed", "its pod is gone", False)),
        ([job("api"), pod("api", RUNNING)], ("running", "", False)),
        (
            [job("api"), pod("api", container("api", "waiting", reason="InvalidImageName"))],
            ("failed", "InvalidImageName", True),
        ),
        (
            [job("api"), event("api-00000000", "FailedCreate", "exceeded quota")],
            ("failed", "FailedCreate: exceeded quota", True),
        ),
    ],
)
def test_a_job(objects: list[Object], expected: tuple[str, str, bool]) -> None:
    assert judged(*objects) == expected


def test_the_newest_pod_that_stays_counts() -> None:
    old = pod("api", container("api", "terminated", **ENDED), name="old", created="2020-01-01T00:00:00Z")
    new = pod("api", RUNNING, name="new", created="2020-01-01T00:00:01Z")
    going = pod("api", container("api", "terminated", **ENDED), created="2020-01-01T00:00:02Z", going=True)
    assert judged(deployment("api"), new, old, going)[0] == "running"


def test_a_service_that_is_not_there() -> None:
    assert judged() == ("missing", "it is not on the cluster", False)


def test_asleep() -> None:
    assert judged(deployment("api", replicas=0)) == ("asleep", "", False)


def test_the_whole_in_its_fixed_form() -> None:
    api = FakeApi(
        deployment("api", url="http://api.main-shop.localhost"),
        pod("api", RUNNING, container(PROBER), ready=True),
        job("migrate", "Complete"),
    )
    api.namespace = namespace(**{"galley.pr": "7"})
    assert preview_status(NAME, observe(api, NAME)).as_data() == {
        "preview": NAME,
        "project": "shop",
        "branch": "main",
        "target": "kubernetes",
        "state": "running",
        "pr": 7,
        "services": {
            "api": {
                "kind": "api",
                "state": "ready",
                "image": "acme/api:1",
                "url": "http://api.main-shop.localhost",
            },
            "migrate": {"kind": "worker", "state": "done", "image": "acme/migrate:1"},
        },
    }


def test_nothing_there() -> None:
    live = observe(FakeApi(deployment("api"), exists=False), NAME)
    assert not live
    assert preview_status(NAME, live).state == "absent"


def test_what_is_left_of_a_preview_is_named() -> None:
    api = FakeApi(exists=False)
    volume = {"metadata": {"name": "pvc-1"}, "spec": {"claimRef": {"namespace": NAME}}}
    other = {"metadata": {"name": "pvc-2"}, "spec": {"claimRef": {"namespace": "other"}}}
    api.lists["persistentvolumes"] = [volume, other, {"metadata": {"name": "free"}, "spec": {}}]
    live = observe(api, NAME)
    assert live
    assert live.describe() == ["volume pvc-1"]


@pytest.mark.parametrize("found", [deployment("api", seen=1), deployment("api", old=1)])
def test_an_update_that_has_not_come_through_is_not_taken_for_done(found: Object) -> None:
    """A pod of before still runs and is ready: of what was declared last that says nothing."""
    ready = pod("api", RUNNING, container(PROBER), ready=True)
    assert judged(found, ready) == ("waiting", "its update is under way", False)
    assert judged(found, pod("api", RUNNING))[0] == "waiting"
