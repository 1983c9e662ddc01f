"""A preview on a cluster: where it is, what ends an update early, what is reported, sleep and waking."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from galley_iac.automation import state, tags
from galley_iac.automation.configuration import PROJECT_SETTINGS, config_file
from galley_iac.automation.kubernetes import places, report
from galley_iac.automation.kubernetes import sleep as nap
from galley_iac.automation.kubernetes import update as updating
from galley_iac.automation.kubernetes import watch as watching
from galley_iac.automation.kubernetes.watch import Watch
from galley_iac.automation.progress import Phase, Progress
from galley_iac.automation.state import Declared, State
from galley_iac.cluster.live import Live, observe
from galley_iac.errors import PreviewError, UsageError
from tests.unit.cluster.support import (
    CREATED,
    NAME,
    PROBER,
    BrokenApi,
    FakeApi,
    container,
    deployment,
    event,
    job,
    pod,
)
from tests.unit.plan.support import Plan, plan, services

TEXT = """\
api: {kind: api, image: acme/api, expose: 80, depends_on: [db, migrate]}
migrate: {kind: worker, restart: never, image: acme/api, depends_on: [db]}
db: {kind: database, image: "postgres:16-alpine"}
"""
STARTED = Declared("service")
CONTAINERS = {
    "db": STARTED,
    "migrate": Declared("job", frozenset({"db"})),
    "api": Declared("service", frozenset({"db", "migrate"})),
}
LOOP = container(
    "api", "waiting", restarts=3, last={"exitCode": 3, "reason": "Error"}, reason="CrashLoopBackOff"
)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path / "home"))


def made() -> Plan:
    return plan(services(TEXT))


def progress(**phases: Phase) -> Progress:
    found = Progress(made())
    for name, phase in phases.items():
        found.rows[name].phase = phase
    return found


def entry(kind: str, name: str, **inputs: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:main-shop::galley::galley:index:Preview${kind}::{name}"
    return {"type": kind, "urn": urn, "id": "x", "inputs": inputs}


def test_a_state_says_on_which_cluster_it_is_and_in_which_order() -> None:
    api = entry("kubernetes:apps/v1:Deployment", "api", metadata={"labels": {"galley.role": "service"}})
    db = entry("kubernetes:apps/v1:Deployment", "db", metadata={"labels": {"galley.role": "service"}})
    api["dependencies"] = [db["urn"], "urn:pulumi:main-shop::galley::x::namespace"]
    provider = entry("pulumi:providers:kubernetes", "cluster", context="team")
    found = state.from_deployment({"resources": [provider, db, api]})
    assert (found.cluster, found.engine, found.ids) == ("team", "", frozenset())
    assert found.containers == {"db": STARTED, "api": Declared("service", frozenset({"db"}))}
    assert state.from_deployment({"resources": [entry("pulumi:providers:docker", "engine")]}).cluster is None
    assert state.from_deployment({"resources": [entry("pulumi:providers:kubernetes", "c")]}).cluster == ""


def test_where_a_preview_is_follows_from_its_configuration() -> None:
    assert places.context_of(NAME) is None
    config_file(NAME).merge({PROJECT_SETTINGS: {"target": "kubernetes", "kubeContext": "team"}})
    assert places.context_of(NAME) == "team"
    config_file(NAME).merge({"galley:target": "docker"})
    assert places.context_of(NAME) is None


def test_the_state_knows_better() -> None:
    assert places.context_of(NAME, State(cluster="")) == ""


def test_a_preview_of_docker_has_no_cluster() -> None:
    assert places.cluster_of(NAME) is None


class Seen:
    """A watch over a fake cluster, and how often it has ended the update."""

    def __init__(self, api: FakeApi, shown: Progress, before: Live | None = None) -> None:
        self.cancelled = 0
        self.watch = Watch(api, NAME, shown, before or Live(), self.cancel)

    def cancel(self) -> None:
        self.cancelled += 1


def test_what_is_past_help_ends_the_update() -> None:
    seen = Seen(FakeApi(deployment("api"), pod("api", LOOP)), progress(api=Phase.STARTING))
    seen.watch.look(["api"])
    assert seen.cancelled == 1
    assert seen.watch.ended["api"].reason.startswith("CrashLoopBackOff: it exited with code 3")


def test_what_may_still_come_up_does_not() -> None:
    objects = [deployment("api"), pod("api", container("api"), container(PROBER))]
    seen = Seen(FakeApi(*objects), progress(api=Phase.STARTING))
    seen.watch.look(["api"])
    assert (seen.cancelled, seen.watch.ended) == (0, {})


def test_what_an_earlier_update_left_is_not_held_against_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    old = event("api-5d9c7bd89c", "FailedCreate", "exceeded quota")
    api = FakeApi(deployment("api"), pod("api", LOOP), old)
    seen = Seen(api, progress(api=Phase.STARTING), observe(api, NAME))
    seen.watch.look(["api"])
    assert seen.cancelled == 0
    monkeypatch.setattr(watching, "_STALE_FOR", -1.0)
    seen.watch.look(["api"])
    assert seen.cancelled == 1, "it is what this update is about: nothing new has come"


def test_a_cluster_that_does_not_answer_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching.Watch, "period", 0.01)
    looked: list[list[str]] = []
    seen = Seen(BrokenApi(), progress(api=Phase.STARTING))
    look = seen.watch.look

    def counted(waiting: list[str]) -> None:
        looked.append(waiting)
        look(waiting)

    monkeypatch.setattr(seen.watch, "look", counted)
    with seen.watch:
        end = time.monotonic() + 30
        while len(looked) < 2 and time.monotonic() < end:
            time.sleep(0.01)
    assert looked[:2] == [["api"], ["api"]]
    assert seen.cancelled == 0


def failure(api: FakeApi, shown: Progress, said: str = "update canceled") -> str:
    live = observe(api, NAME)
    ended = {
        name: status
        for name in ("api",)
        if (status := report.service_status(live, name)).state == "restarting"
    }
    return report.failure(api, made(), shown, said, ended)


def test_a_crash_is_reported_with_its_log_and_what_was_noted() -> None:
    api = FakeApi(
        deployment("api"),
        pod("api", LOOP, name="api-1"),
        deployment("db"),
        pod("db", container("db"), container(PROBER)),
        event("api-1", "BackOff", "Back-off restarting failed container"),
        event("api-1", "FailedMount", "no  such\nvolume", CREATED),
    )
    api.logs = {("api-1", "api"): "one\ntwo\n"}
    assert failure(api, progress(api=Phase.FAILED, db=Phase.FAILED)) == (
        "main-shop is not up.\n"
        "api: CrashLoopBackOff: it exited with code 3, and again after each restart\n"
        "    | one\n"
        "    | two\n"
        "    | FailedMount: no such volume\n"
        "    mend it and run `galley up` again; all of its log: `galley logs api`"
    )


def test_a_job_is_reported_with_what_waited_for_it() -> None:
    ended = container("migrate", "terminated", exitCode=1, reason="Error")
    api = FakeApi(job("migrate", "Failed"), pod("migrate", ended, name="m-1"))
    assert failure(api, progress(migrate=Phase.FAILED)) == (
        "main-shop is not up.\n"
        "migrate: exited with code 1\n"
        "    mend the job; the next `galley up` runs it again\n"
        "api: waited for migrate"
    )


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [("ImagePullBackOff", "the cluster cannot pull it"), ("RunContainerError", "mend it and run")],
)
def test_a_reason_has_its_remedy(reason: str, remedy: str) -> None:
    api = FakeApi(deployment("api"), pod("api", container("api", "waiting", reason=reason)))
    assert f"\n    {remedy}" in failure(api, progress(api=Phase.FAILED))


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("Full error: unauthorized: authentication required", "the registry wants a login: `docker login"),
        ("no answer", "check the setting `registry`; `galley doctor` asks whether it answers"),
    ],
)
def test_an_image_that_is_not_pushed_is_none_that_could_not_be_had(said: str, remedy: str) -> None:
    shown = progress(api=Phase.FAILED, migrate=Phase.FAILED)
    shown.failed_images.add("acme/api")
    lines = failure(
        FakeApi(), shown, f"Error pushing docker image: Error pushing image. . {said}"
    ).splitlines()
    assert lines[1] == "migrate, api: the image acme/api could not be pushed to the cluster's registry"
    assert said in lines[2]
    assert lines[3].startswith(f"    {remedy}")
    had = failure(FakeApi(), shown, "manifest unknown").splitlines()
    assert had[1] == "migrate, api: the image acme/api could not be had"


def test_an_error_of_pulumi_s_own_is_said_as_it_is() -> None:
    assert failure(FakeApi(), progress(), "error: no such context").splitlines()[1] == "no such context"


def test_an_update_is_over_when_the_cluster_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    api = FakeApi(deployment("api", seen=1), pod("api", container("api")))
    monkeypatch.setattr(time, "sleep", lambda _seconds: api.lists.update(deployments=[deployment("api")]))
    assert updating.settle(api, NAME, ["api"]).state == "running"


@pytest.mark.parametrize("objects", [[deployment("api"), pod("api", LOOP)], []])
def test_what_does_not_stay_up_ends_an_update_that_went_through(objects: list[Any]) -> None:
    with pytest.raises(PreviewError, match=r"is up, but not all of it runs\.\napi: "):
        updating.settle(FakeApi(*objects), NAME, ["api"])


class FakeWorkspace:
    """Knows one state."""

    def __init__(self, found: State) -> None:
        self._found = found

    def state(self, _name: str) -> State:
        return self._found

    def secrets(self, _name: str) -> dict[str, str]:
        return {"KEY": "s3cr3t"}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tags that are written, in order."""
    found: list[str] = []
    monkeypatch.setattr(tags, "write", lambda _stack, changes, _workspace: found.extend(changes))
    return found


KNOWN: Any = FakeWorkspace(State(cluster="", containers=CONTAINERS))


def scaled(api: FakeApi) -> list[tuple[str, int]]:
    return [(path.split("/")[-2], body["spec"]["replicas"]) for path, body in api.changed]


def test_sleep_ends_what_others_do_not_need_first(written: list[str]) -> None:
    api = FakeApi(deployment("api"), deployment("db"), job("migrate", "Complete"))
    slept = nap.sleep(KNOWN, api, NAME, "")
    assert scaled(api) == [("api", 0), ("db", 0)]
    assert (slept.services, slept.freed.memory) == (("api", "db"), 1024**3)
    assert written == [tags.ASLEEP]


def test_waking_starts_in_the_plan_s_order(written: list[str]) -> None:
    ready = container(PROBER)
    api = FakeApi(
        deployment("api"),
        pod("api", container("api")),
        deployment("db"),
        pod("db", container("db"), ready, ready=True),
        job("migrate", "Complete"),
    )
    phases: list[tuple[str, Phase]] = []
    status = nap.wake(KNOWN, api, NAME, lambda name, phase: phases.append((name, phase)))
    assert scaled(api) == [("db", 1), ("api", 1)]
    assert phases == [(name, phase) for name in ("db", "api") for phase in (Phase.STARTING, Phase.READY)]
    assert status.state == "running"
    assert tags.ASLEEP in written


@pytest.mark.usefixtures("written")
def test_what_does_not_wake_is_reported_without_secrets() -> None:
    api = FakeApi(
        deployment("db"), pod("db", container("db", "waiting", reason="InvalidImageName"), name="db-1")
    )
    api.logs = {("db-1", "db"): "the key is s3cr3t\n"}
    with pytest.raises(PreviewError) as raised:
        nap.wake(KNOWN, api, NAME, lambda _name, _phase: None)
    assert "db: InvalidImageName\n    | the key is ********" in str(raised.value)


@pytest.mark.parametrize(
    ("api", "found"), [(FakeApi(), State(cluster="")), (FakeApi(deployment("api")), State())]
)
def test_there_is_nothing_to_put_to_sleep(api: FakeApi, found: State) -> None:
    workspace: Any = FakeWorkspace(found)
    with pytest.raises(UsageError):
        nap.sleep(workspace, api, NAME, "")
    assert json.dumps(scaled(api)) == "[]"
