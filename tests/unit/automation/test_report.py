"""A failed update in words: each failure as one change of a preview that is well, its text checked in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import EngineEvent

from galley_iac import home
from galley_iac.automation import report
from galley_iac.automation.progress import Progress
from galley_iac.engine import labels
from galley_iac.engine.live import observe
from galley_iac.engine.status import service_status
from tests.unit.automation.events import begun, ended, failed, step
from tests.unit.engine.support import FakeClient, info
from tests.unit.plan.support import whole_plan

PLAN = whole_plan()
GOLDEN = Path(__file__).parents[2] / "golden" / "cli" / "failures"
API, WEB = PLAN.container("api").image.tag, PLAN.container("web").image.tag
ROLES = {"api": "service", "web": "service", "db": "service", "migrate": "job", "router": "router"}


class FakeEngine(FakeClient):
    """The preview's containers, some of them other than they should be, and what the engine remembers."""

    def __init__(
        self, changed: Mapping[str, Mapping[str, Any] | None], deaths: Iterable[Mapping[str, Any]]
    ) -> None:
        made = {name: {} for name in ("db", "db.ready", "migrate", "api", "api.ready", "web", "router")}
        wanted = {**made, **changed}
        entries = [_info(name, state) for name, state in wanted.items() if state is not None]
        logs = {f"id-main-shop.{name}": f"{name} one\n{name} two\n".encode() for name in wanted}
        super().__init__(containers=entries, logs=logs)
        self.api.events = lambda **_: iter(deaths)  # type: ignore[attr-defined]


def _info(name: str, state: Mapping[str, Any]) -> dict[str, Any]:
    service = name.partition(".")[0]
    role = "probe" if name.endswith(".ready") else ROLES[service]
    own = {labels.PREVIEW: "main-shop", labels.SERVICE: service, labels.ROLE: role, labels.KIND: "api"}
    restarts = state.get("restarts", 0)
    ended_one = {"Status": "exited"} if role in ("probe", "job") else {}
    plain = {key: value for key, value in state.items() if key not in ("restarts", "log")}
    return {**info(f"main-shop.{name}", own, **{**ended_one, **plain}), "RestartCount": restarts}


@dataclass(frozen=True)
class Case:
    """What happened: the engine's events, the containers that differ, what Pulumi said."""

    events: tuple[EngineEvent, ...] = ()
    containers: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    said: str = ""
    deaths: tuple[Mapping[str, Any], ...] = ()


LATER = {"api": None, "api.ready": None, "web": None}
DIED = {"Action": "die", "Actor": {"Attributes": {"exitCode": "3"}}}
CASES = {
    "job": Case(
        (
            *step("container", "db", "same"),
            begun("container", "migrate"),
            ended("container", "migrate", exitCode=1),
        ),
        {"migrate": {"Status": "exited", "ExitCode": 1}, **LATER},
    ),
    "not-ready": Case(
        (*step("container", "api"), *step("container", "api.ready", exitCode=1)),
        {"api.ready": {"Status": "exited", "ExitCode": 1}, "web": None},
    ),
    "crash": Case(
        tuple(step("container", "api")),
        {"api": {"Status": "exited", "ExitCode": 1}, "api.ready": None, "web": None},
    ),
    "crash-loop": Case(
        (*step("container", "api"), *step("container", "api.ready", exitCode=1)),
        {
            "api": {"Status": "running", "restarts": 4},
            "api.ready": {"Status": "exited", "ExitCode": 1},
            "web": None,
        },
        deaths=(DIED,),
    ),
    "out-of-memory": Case(
        tuple(step("container", "api")),
        {"api": {"Status": "exited", "ExitCode": 137, "OOMKilled": True}, "api.ready": None, "web": None},
    ),
    "no-such-command": Case(
        (begun("container", "web"), failed("container", "web")),
        {
            "web": {
                "Status": "created",
                "ExitCode": 127,
                "Error": 'exec: "run": executable file not found in $PATH',
            }
        },
    ),
    "port-taken": Case(
        (begun("container", "web"), failed("container", "web")),
        {"web": {"Status": "created", "Error": "Bind for 127.0.0.1:20001 failed: port is already allocated"}},
    ),
    "build": Case(
        (begun("image", API), failed("image", API)),
        {"migrate": None, **LATER},
        "error: sdk.helper_schema: failed to build: provider=docker@5.2.0",
    ),
    "pull": Case(
        (begun("image", "postgres:16-alpine"), failed("image", "postgres:16-alpine")),
        dict.fromkeys(["db", "db.ready", "migrate", "api", "api.ready", "web"]),
        "error: 1 error occurred:\n\t* pull access denied for postgres, repository does not exist",
    ),
    "no-registry": Case(
        (begun("image", "postgres:16-alpine"), failed("image", "postgres:16-alpine")),
        dict.fromkeys(["db", "db.ready", "migrate", "api", "api.ready", "web"]),
        "Error response from daemon: Get https://registry.example/v2/: lookup registry.example: no such host",
    ),
    "two-at-once": Case(
        (
            *step("container", "web"),
            begun("container", "migrate"),
            ended("container", "migrate", exitCode=2),
        ),
        {"web": {"Status": "exited", "ExitCode": 3}, "migrate": {"Status": "exited", "ExitCode": 2}},
    ),
    "network": Case(
        (begun("network", "network"), failed("network", "network")),
        {},
        "Pool overlaps with other one on this address space",
    ),
    "nothing-known": Case((), {}, "error: update failed\nerror: something odd\nerror: something odd"),
}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    rule = "------\n"
    step_log = "#5 RUN pip install nothing\n#5 ERROR: exit code: 1\n"
    home.build_log(API).write_text(
        f"#1 load\n{rule} > RUN pip install nothing:\nno such package\n{rule}{step_log}"
    )


def text_of(case: Case) -> str:
    progress = Progress(PLAN)
    for event in case.events:
        progress.feed(event)
    return report.failure(FakeEngine(case.containers, case.deaths), PLAN, progress, case.said)


@pytest.mark.parametrize("name", sorted(CASES))
def test_failure(name: str, golden: Callable[[Path, str], None], tmp_path: Path) -> None:
    golden(GOLDEN / f"{name}.txt", text_of(CASES[name]).replace(str(tmp_path), "~/.galley") + "\n")


@pytest.mark.parametrize(("name", "service"), [("job", "migrate"), ("crash", "api"), ("port-taken", "web")])
def test_a_report_begins_with_what_failed(name: str, service: str) -> None:
    first, second, *_ = text_of(CASES[name]).splitlines()
    assert first == "main-shop is not up."
    assert second.startswith(f"{service}: ")


def test_who_waited() -> None:
    assert text_of(CASES["job"]).splitlines()[-2:] == ["api: waited for migrate", "web: waited for api"]


def test_no_more_log_than_one_can_read() -> None:
    engine = FakeEngine({"web": {"Status": "exited", "ExitCode": 1}}, ())
    engine.api._logs["id-main-shop.web"] = b"".join(b"line %d\n" % number for number in range(100))
    container = observe(engine, "main-shop").container("web")
    assert container is not None
    lines = report.tail(engine, container)
    assert lines == [f"line {number}" for number in range(100 - report.LOG_LINES, 100)]


def test_a_log_that_cannot_be_read_is_empty() -> None:
    engine = FakeEngine({}, ())
    engine.api._logs.clear()
    container = observe(engine, "main-shop").container("web")
    assert container is not None
    assert report.tail(engine, container) == []


def test_unsettled(golden: Callable[[Path, str], None]) -> None:
    engine = FakeEngine({"web": {"Status": "restarting", "ExitCode": 1, "restarts": 2}}, (DIED,))
    live = observe(engine, "main-shop")
    text = report.unsettled(engine, "main-shop", live, [service_status(live, "web")])
    golden(GOLDEN / "unsettled.txt", text + "\n")


@pytest.mark.parametrize(
    ("said", "clean"),
    [
        ("error: update failed", ""),
        ("same\nsame\n\n  same", "same"),
        ("1 error occurred:\n\t* no such image", "no such image"),
        ("sdk.helper_schema: it broke: provider=docker@5.2.0", "it broke"),
        ("provider/x.go:12: it broke", "it broke"),
        ("deleting urn:pulumi:s::g::docker:index/container:Container::api: it broke", "it broke"),
        ("plain", "plain"),
    ],
)
def test_the_provider_s_wrapping_is_taken_off(said: str, clean: str) -> None:
    assert report.clean(said) == clean
