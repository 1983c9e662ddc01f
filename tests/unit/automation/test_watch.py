"""What is seen while Pulumi works: a build's last line, and checks that wait for the dead."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from galley_iac import home
from galley_iac.automation import watch
from galley_iac.automation.preview import Step, _Seen
from galley_iac.automation.progress import Phase, Progress
from galley_iac.automation.watch import Watch, end_hopeless_checks, last_line
from tests.unit.automation.events import begun, said, step
from tests.unit.engine.support import FakeClient, container, live, probe
from tests.unit.plan.support import whole_plan

PLAN = whole_plan()


@pytest.fixture(autouse=True)
def _quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    monkeypatch.setattr(watch.Watch, "period", 0.01)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", ""),
        (b"one\ntwo\n", "two"),
        (b"one\ntwo\n\n  \n", "two"),
        (b"#5 10%\r#5 20%", "#5 20%"),
        (b"one\n" + b"x" * 10_000 + b"\nlast", "last"),
        (b"caf\xc3\xa9 \xff", "café \ufffd"),
    ],
)
def test_the_last_line(content: bytes, line: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(content)
    assert last_line(tmp_path / "log") == line


def test_no_log_yet(tmp_path: Path) -> None:
    assert last_line(tmp_path / "none") == ""


def killed(*found: Any) -> list[tuple[str, ...]]:
    client = FakeClient()
    end_hopeless_checks(client, live(*found))
    return client.api.calls


@pytest.mark.parametrize(
    ("service", "hopeless"),
    [
        ({"state": "running"}, False),
        ({"state": "running", "restarts": 2}, False),
        ({"state": "running", "restarts": 3}, True),
        ({"state": "restarting", "restarts": 3}, True),
        ({"state": "exited", "exit_code": 1}, True),
        ({"state": "created"}, False),
    ],
)
def test_a_check_of_a_dead_service_is_ended(service: dict[str, Any], hopeless: bool) -> None:
    expected = [("kill", "p.api.ready")] if hopeless else []
    assert killed(container(**service), probe(state="running")) == expected


def test_a_check_that_has_ended_is_left_alone() -> None:
    assert killed(container(state="exited"), probe(state="exited", exit_code=1)) == []


def test_a_check_without_its_service_is_left_alone() -> None:
    """The service is being replaced."""
    assert killed(probe(state="running")) == []


def test_a_build_is_followed() -> None:
    progress, seen = Progress(PLAN), []
    api = PLAN.container("api").image.tag
    progress.feed(begun("image", api))
    with Watch(FakeClient(), PLAN, progress, lambda _, moved: seen.append(moved)):
        home.build_log(api).write_text("#1 FROM\n#2 RUN pip\n")
        end = time.monotonic() + 5
        while not seen and time.monotonic() < end:
            time.sleep(0.01)
    assert seen == [{"api", "migrate"}], "told once: the line stayed the same"
    assert progress.rows["api"].why == "#2 RUN pip"
    assert progress.rows["web"].why == ""


def test_an_engine_that_is_away_does_not_end_the_watch() -> None:
    client, asked = FakeClient(), []

    def away(**_: Any) -> Any:
        asked.append(1)
        raise ConnectionError("away")

    client.api.containers = away  # type: ignore[method-assign]
    progress = Progress(PLAN)
    progress.rows["api"].phase = Phase.CHECKING
    with Watch(client, PLAN, progress, lambda *_: None):
        end = time.monotonic() + 5
        while len(asked) < 3 and time.monotonic() < end:
            time.sleep(0.01)
    assert len(asked) >= 3


def test_the_steps_of_a_preview() -> None:
    seen = _Seen()
    for event in (
        *step("stack", "s"),
        *step("component", "main-shop"),
        begun("container", "web", "replace", ["image", "envs"]),
        begun("container", "web", "create-replacement"),
        begun("container", "api", "same"),
        begun("network", "network", "update", ["labels"]),
        begun("volume", "db.data", "delete"),
        said("no"),
    ):
        seen.event(event)
    assert seen.messages == ["no"]
    assert [str(one) for one in seen.steps if one.type != "Preview"] == [
        "replace  Container    web  (image, envs)",
        "change   Network      network  (labels)",
        "remove   Volume       db.data",
    ]
    assert Step("create", "Preview", "main-shop") in seen.steps
