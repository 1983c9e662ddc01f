"""What a cluster says of a preview, put into the dashboard's words."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from galley_iac.automation.kubernetes import sleep
from galley_iac.cluster.client import Json
from galley_iac.cluster.live import observe
from galley_iac.dashboard.actions import ACTIONS
from galley_iac.dashboard.live.assemble import Known, preview
from galley_iac.dashboard.live.cluster import environment, logs, services, usage
from galley_iac.dashboard.live.cluster.place import Cluster
from galley_iac.dashboard.live.cluster.watch import KINDS, Watch
from galley_iac.dashboard.live.crashes import End
from galley_iac.dashboard.live.place import About, Measured, ReadLast
from galley_iac.dashboard.live.secrets import Maskers
from galley_iac.dashboard.live.stacks import Stack, from_resources
from galley_iac.dashboard.model import Crash, Service, Usage
from galley_iac.errors import MachineError, PreviewError
from galley_iac.masking import MASK
from galley_iac.timing import seconds
from tests.unit.cluster.support import NAME, FakeApi, Object, container, deployment, event, job, pod

NOW = 1_800_000_000.0
ENDED = "2026-01-01T00:00:05Z"
LAST = {"exitCode": 3, "reason": "Error", "finishedAt": ENDED, "containerID": "containerd://old"}
POD = "worker-5d9c7-x1"
FIRST = "2026-01-01T00:00:05.250000000Z boom\n"
SECOND = "2026-01-01T00:00:06.000000000Z ready\n"


def crashed(state: str = "running", **more: Any) -> Object:
    """A worker's pod whose container has crashed once."""
    made = container("worker", state, restarts=1, last=LAST, startedAt="2026-01-01T00:00:06Z", **more)
    return pod("worker", {**made, "containerID": "containerd://new"})


def only(*objects: Object, about: About | None = None, **measured: Any) -> Service:
    """The one service of a preview."""
    live = observe(FakeApi(*objects), NAME)
    (found,) = services.seen(NAME, live, about or About(NOW), Measured(**measured)).services
    return found


def test_a_service_is_shown_with_what_its_pod_has() -> None:
    stack = Stack({"worker": ("gone",)}, {"acme/worker:1": "src/Dockerfile"})
    found = only(deployment("worker", kind="worker"), crashed(), about=About(NOW, stack))
    assert (found.state, found.restarts, found.built_from) == ("running", 1, "src/Dockerfile")
    assert (found.since, found.exit_code, found.after) == (seconds("2026-01-01T00:00:06Z"), None, ())


def test_what_crashed_a_moment_ago_is_restarting() -> None:
    crash = Crash(NOW - 5, 3, "exited with code 3", "old", ("boom",))
    about = About(NOW, crashes={"worker": crash})
    found = only(deployment("worker"), crashed(), about=about)
    assert (found.state, found.last_lines) == ("restarting", ("boom",))
    later = About(NOW + 60, crashes={"worker": crash})
    assert only(deployment("worker"), crashed(), about=later).state == "running"


def test_what_does_not_start_has_its_reason_and_last_lines() -> None:
    waiting = crashed("waiting", reason="CrashLoopBackOff")
    found = only(deployment("worker"), waiting, lines={POD: ("no broker",)}.__getitem__)
    assert (found.state, found.exit_code, found.last_lines) == ("restarting", 3, ("no broker",))
    assert found.reason.startswith("CrashLoopBackOff: it exited with code 3")
    refused = event("worker-5d9c7bd89c", "FailedCreate", "exceeded quota")
    assert only(deployment("worker"), refused).reason == "FailedCreate: exceeded quota"


def test_an_address_that_is_no_link_is_none() -> None:
    assert only(deployment("api", url="javascript:alert(1)")).url == ""
    assert only(deployment("api", url="http://api.test")).url == "http://api.test"


def test_usage_is_not_known_where_the_cluster_does_not_measure() -> None:
    assert usage.usage(FakeApi(), NAME) is None
    found = only(deployment("worker"), crashed(), usage={POD: Usage(0.5, 64 << 20)})
    assert found.usage == Usage(0.5, 64 << 20, 512 << 20)
    seen = services.seen(
        NAME, observe(FakeApi(deployment("worker"), crashed()), NAME), About(NOW), Measured()
    )
    shown = preview(Known(NAME, seen, "kubernetes", frozenset({"rebuild"}), measured=False))
    assert (shown.usage, shown.measured, shown.project, shown.target) == (None, False, "shop", "kubernetes")
    assert not ACTIONS["rebuild"].offered(shown)
    assert ACTIONS["redeploy"].offered(shown)


class Measuring(FakeApi):
    def find(self, path: str, **query: object) -> Json | None:
        if path != usage.PATH.format(preview=NAME):
            return super().find(path, **query)
        used = [{"usage": {"cpu": "250m", "memory": "64Mi"}}, {"usage": {"cpu": "1500000n", "memory": "1Ki"}}]
        return {"items": [{"metadata": {"name": POD}, "containers": used}]}


def test_what_a_pods_containers_use_is_added_up() -> None:
    assert usage.usage(Measuring(), NAME) == {POD: Usage(0.2515, (64 << 20) + 1024)}


@pytest.mark.parametrize(
    ("text", "number"), [("2", 2), ("15m", 0.015), ("1k", 1000), ("1Gi", 1 << 30), ("", 0), ("1x", 0)]
)
def test_quantities(text: str, number: float) -> None:
    assert float(usage.quantity(text)) == number


def test_ends_are_those_that_were_not_meant() -> None:
    def found(*objects: Object) -> list[End]:
        return list(services.ends(NAME, observe(FakeApi(*objects), NAME)))

    (end,) = found(deployment("worker"), crashed())
    assert (end.service, end.crash.container, end.crash.exit_code) == ("worker", "old", 3)
    assert (end.crash.when, end.crash.reason) == (seconds(ENDED), "exited with code 3")
    starved = container("worker", last={**LAST, "exitCode": 137, "reason": "OOMKilled"})
    assert found(deployment("worker"), pod("worker", starved))[0].crash.reason.endswith("(out of memory)")
    assert found(deployment("worker"), pod("worker", container("worker", last={**LAST, "exitCode": 0}))) == []
    assert found(deployment("worker"), pod("worker", container("worker", last=LAST), going=True)) == []
    assert found(deployment("../x"), pod("../x", container("../x", last=LAST))) == [], "it becomes a file"


def lines(api: FakeApi) -> list[tuple[str, str]]:
    runs = logs.runs(api, NAME, observe(api, NAME), lambda _pod: True)
    return [(run.container, line.text) for run in runs for line in run.read(str, 100, "")]


def test_the_log_of_the_run_before_is_read_too() -> None:
    api = FakeApi(deployment("worker"), crashed())
    api.logs = {(POD, "previous"): FIRST, (POD, "worker"): SECOND}
    assert lines(api) == [("old", "boom"), ("new", "ready")]


def test_while_it_waits_the_last_run_is_the_present_one() -> None:
    api = FakeApi(deployment("worker"), crashed("waiting", reason="CrashLoopBackOff"))
    api.logs = {(POD, "previous"): FIRST, (POD, "worker"): FIRST}
    assert [text for _, text in lines(api)] == ["boom"]


def test_secrets_are_masked_and_times_are_utc() -> None:
    api = FakeApi(deployment("worker"), crashed())
    api.logs = {(POD, "worker"): "2026-01-01T02:00:06.000000001+02:00 it is s3cret\n"}
    run = logs.runs(api, NAME, observe(api, NAME), lambda _pod: True)[-1]
    (line,) = run.read(lambda text: text.replace("s3cret", MASK), 100, "")
    assert (line.stamp, line.text) == ("2026-01-01T00:00:06.000000001Z", f"it is {MASK}")


def test_following_goes_over_a_restart_and_ends_with_the_pod(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_POLL", 0.01)
    api, there = FakeApi(deployment("worker"), crashed()), [True]
    api.logs = {(POD, "worker"): SECOND, (POD, "previous"): FIRST}
    follow = logs.runs(api, NAME, observe(api, NAME), lambda _pod: there[0])[-1].follow
    assert follow
    written = follow(str).lines("2026-01-01T00:00:05.000000000Z")
    assert [next(written).text, next(written).text] == ["boom", "ready"]
    there.clear()
    there.append(False)
    assert list(written) == []


def test_nothing_is_written_any_more_by_a_job_that_has_ended() -> None:
    api = FakeApi(job("seed", "Complete"), pod("seed", {**container("seed"), "containerID": "c://a"}))
    (run,) = logs.runs(api, NAME, observe(api, NAME), lambda _pod: True)
    assert (run.role, run.follow) == ("job", None)


def test_the_environment_is_read_from_its_secret_and_masked() -> None:
    made = deployment("api")
    key = {"secretKeyRef": {"name": "api.env-1", "key": "GREETING"}}
    own = {"name": "api", "env": [{"name": "GREETING", "valueFrom": key}, {"name": "API_KEY", "value": "x"}]}
    made["spec"]["template"]["spec"]["containers"] = [own, {"name": "probe"}]
    api = FakeApi(made)
    data = {"GREETING": base64.b64encode(b"hello").decode()}
    api.lists["secrets"] = [{"metadata": {"name": "api.env-1"}, "data": data}]
    (found,) = environment.environment(api, NAME, str).values()
    assert [(one.name, one.value) for one in found] == [("API_KEY", MASK), ("GREETING", "hello")]


class Told(FakeApi):
    """One whose watch tells of one change."""

    def find(self, path: str, **query: object) -> Json | None:
        own = {"namespace": NAME, "name": "x", "uid": "1", "resourceVersion": "7"}
        listing = {"metadata": {"resourceVersion": "9"}, "items": [{"metadata": own}]}
        return listing if path in KINDS else super().find(path, **query)

    def lines(self, path: str, **query: object) -> Iterator[bytes]:
        assert path in KINDS
        assert query["resourceVersion"] == "9"
        yield json.dumps({"object": {"metadata": {"namespace": NAME}}}).encode()


def test_what_the_cluster_tells_of_is_looked_at_again_if_it_is_wanted() -> None:
    told: list[str] = []
    api = Told(deployment("worker"), crashed())
    watch = Watch(lambda: api, told.append)
    watch.listen(api, KINDS[0])
    assert watch._dirty == set(), "it is somebody else's"
    watch.want(NAME)
    watch._dirty.clear()
    watch.listen(api, KINDS[0])
    assert watch._dirty == {NAME}
    watch.observe(api, NAME)
    assert (list(watch.found), told) == ([NAME], [NAME])
    watch.leave(NAME)
    assert watch.found == {}


def test_a_silent_cluster_is_said_to_be_and_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("galley_iac.dashboard.live.cluster.watch._RETRY", 0.01)
    problems: list[str] = []
    seen = threading.Event()

    def connect() -> FakeApi:
        if not problems:
            raise MachineError("the cluster does not answer")
        return Told(deployment("worker"), crashed())

    def changed(name: str) -> None:
        problems.append(watch.problem)
        if name:
            seen.set()

    watch = Watch(connect, changed)
    watch.want(NAME)
    watch.start()
    assert seen.wait(30)
    watch.stop()
    assert problems[0] == "the cluster does not answer"


class Restarting(FakeApi):
    """One whose pod can be asked for by its name."""

    def find(self, path: str, **query: object) -> Json | None:
        if path.endswith(f"/pods/{POD}"):
            return self.lists["pods"][0]
        return super().find(path, **query)


def test_the_log_of_an_ended_run_is_not_that_of_its_successor() -> None:
    """It ends, and starts anew between the look at it and the question for its log."""
    gone = container("worker", "terminated", exitCode=3, finishedAt=ENDED, containerID="containerd://old")
    api = Restarting(deployment("worker"), pod("worker", {**gone, "containerID": "containerd://old"}))
    api.logs = {(POD, "worker"): FIRST}
    of = logs.Container(api, NAME, POD, "worker")
    assert [line.text for line in logs.of_ended(of, "old", str, 9)] == ["boom"]
    api.lists["pods"] = [crashed()]
    api.logs = {(POD, "previous"): FIRST, (POD, "worker"): SECOND}
    assert [line.text for line in logs.of_ended(of, "old", str, 9)] == ["boom"]
    assert logs.of_ended(of, "older", str, 9) == []


def test_a_crash_is_told_once_with_its_log_and_after_its_last_line() -> None:
    found: list[tuple[End, ReadLast]] = []
    api = Restarting(deployment("worker"), crashed())
    api.logs = {(POD, "previous"): FIRST, (POD, "worker"): SECOND}
    place = Cluster("", Maskers(), lambda _name: None, lambda end, read: found.append((end, read)))
    place._api = api
    place.want(NAME)
    for _ in range(2):
        place._watch.observe(api, NAME)
    ((end, read),) = found
    assert end.crash.when > seconds("2026-01-01T00:00:05.250Z")
    assert [line.text for line in read(str, 100)] == ["boom"]
    assert place.seen(NAME, About(NOW)).services[0].name == "worker"
    assert list(place.names()) == [NAME]


def test_a_restart_never_has_two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    api = FakeApi(deployment("worker"), crashed())
    monkeypatch.setattr(sleep, "_await_gone", lambda *_: api.changed.append(("gone", {})))
    sleep.restart(api, NAME, "worker")
    assert [body.get("spec", {}).get("replicas") for _, body in api.changed] == [0, None, 1]
    with pytest.raises(PreviewError, match="seed is not on the cluster"):
        sleep.restart(FakeApi(job("seed")), NAME, "seed")


def test_who_waits_for_whom_on_a_cluster_is_in_the_state() -> None:
    prefix = "urn:pulumi:main::galley::galley:index:Preview$kubernetes:apps/v1:Deployment::"
    made = [
        {
            "urn": f"{prefix}{name}",
            "type": "kubernetes:apps/v1:Deployment",
            "dependencies": after,
            "inputs": {},
        }
        for name, after in (("db", []), ("api", [f"{prefix}db"]))
    ]
    assert from_resources(made).after == {"db": (), "api": ("db",)}
