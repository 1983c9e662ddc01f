"""What each service is shown to be doing, from the engine's events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from pulumi.automation import EngineEvent
from rich.console import Console

from galley_iac.automation.progress import Phase, Progress
from galley_iac.cli import table
from galley_iac.cli.table import Table
from tests.unit.automation.events import begun, ended, failed, said, step
from tests.unit.plan.support import whole_plan

PLAN = whole_plan()
"""db ← migrate ← api ← web; db and api are asked, migrate is a job, there is a router."""

GOLDEN = Path(__file__).parents[2] / "golden" / "cli"
API = PLAN.container("api").image.tag
WEB = PLAN.container("web").image.tag
POSTGRES = "postgres:16-alpine"


def fed(*events: EngineEvent, present: Iterable[str] = ()) -> Progress:
    progress = Progress(PLAN, frozenset(present))
    for event in events:
        progress.feed(event)
    return progress


def phases(*events: EngineEvent) -> dict[str, str]:
    """Phases other than pending."""
    return {name: row.phase for name, row in fed(*events).rows.items() if row.phase is not Phase.PENDING}


def test_a_row_for_every_service_and_the_router() -> None:
    assert list(fed().rows) == ["db", "migrate", "api", "web", "router"]


def test_pulling_and_building() -> None:
    assert phases(begun("image", POSTGRES)) == {"db": "pulling"}
    assert phases(begun("image", API)) == {"api": "building", "migrate": "building"}


def test_an_image_that_is_there_is_neither() -> None:
    progress = fed(begun("image", POSTGRES), begun("image", API), present=[POSTGRES, API])
    assert {row.phase for row in progress.rows.values()} == {"pending"}


@pytest.mark.parametrize("op", ["same", "update", "delete", "read"])
def test_only_a_new_image_is_pulled(op: str) -> None:
    assert phases(begun("image", POSTGRES, op), ended("image", POSTGRES, op)) == {}


def test_a_service_with_a_check() -> None:
    assert phases(begun("container", "db")) == {"db": "starting"}
    assert phases(*step("container", "db")) == {"db": "waiting for health"}
    assert phases(*step("container", "db"), begun("container", "db.ready")) == {"db": "waiting for health"}
    assert phases(*step("container", "db"), *step("container", "db.ready", exitCode=0)) == {"db": "ready"}


def test_a_service_without_a_check_is_ready_when_it_runs() -> None:
    assert phases(*step("container", "web")) == {"web": "ready"}
    assert phases(*step("container", "router")) == {"router": "ready"}


def test_a_check_that_fails() -> None:
    """The container was made; only its exit code says that the service did not answer."""
    assert phases(*step("container", "db"), *step("container", "db.ready", exitCode=1)) == {"db": "failed"}


def test_a_job() -> None:
    assert phases(begun("container", "migrate")) == {"migrate": "running"}
    assert phases(*step("container", "migrate", exitCode=0)) == {"migrate": "done"}
    assert phases(*step("container", "migrate", exitCode=3)) == {"migrate": "failed"}


def test_what_does_not_change() -> None:
    same = [*step("container", "api", "same"), *step("container", "api.ready", "same", exitCode=0)]
    assert phases(*same, *step("container", "web", "same"), *step("container", "migrate", "same")) == {
        "api": "unchanged",
        "web": "unchanged",
        "migrate": "unchanged",
    }


def test_a_check_made_again_for_a_service_that_did_not_change() -> None:
    events = [*step("container", "db", "same"), *step("container", "db.ready", "create", exitCode=0)]
    assert phases(*events) == {"db": "ready"}


def replaced(name: str) -> Iterator[EngineEvent]:
    yield from step("container", name, "delete-replaced")
    yield begun("container", name, "replace", ["image", "envs", "image"])
    yield ended("container", name, "replace")
    yield begun("container", name, "create-replacement", ["image", "envs"])


def test_a_replacement_is_its_two_steps() -> None:
    progress = fed(*replaced("web"))
    assert (progress.rows["web"].phase, progress.rows["web"].why) == ("starting", "envs, image")
    assert progress.changes == 2


def test_a_replacement_stops_the_old_one_first() -> None:
    assert phases(begun("container", "web", "delete-replaced")) == {"web": "stopping"}
    assert phases(*step("container", "web", "delete-replaced")) == {"web": "stopping"}


def test_a_service_that_is_removed() -> None:
    assert phases(begun("container", "web", "delete")) == {"web": "stopping"}
    assert phases(*step("container", "web", "delete")) == {"web": "removed"}


def test_the_end_of_a_check_says_nothing_of_its_service() -> None:
    events = [*step("container", "db", "same"), *step("container", "db.ready", "delete-replaced")]
    assert phases(*events) == {"db": "unchanged"}


def test_a_step_that_fails() -> None:
    assert phases(begun("container", "api"), failed("container", "api")) == {"api": "failed"}
    assert phases(failed("container", "db.ready")) == {"db": "failed"}
    assert fed(failed("image", API)).failed_images == {API}
    assert phases(failed("image", API)) == {"api": "failed", "migrate": "failed"}
    assert phases(failed("network", "network")) == {}


def test_failed_is_for_good() -> None:
    assert phases(failed("container", "web"), *step("container", "web")) == {"web": "failed"}


def test_what_belongs_to_no_service() -> None:
    for kind in ("stack", "component", "provider", "network", "volume"):
        assert phases(*step(kind, "x")) == {}
    assert phases(*step("container", "stranger")) == {}


CHANGES = ("create", "update", "delete", "create-replacement", "delete-replaced")
NO_CHANGES = ("same", "refresh", "read", "replace", "discard")


@pytest.mark.parametrize("op", [*CHANGES, *NO_CHANGES])
def test_changes_are_counted(op: str) -> None:
    assert fed(*step("volume", "db.data", op)).changes == (op in CHANGES)


def test_pulumi_s_own_resources_are_no_changes() -> None:
    assert fed(*step("stack", "x"), *step("provider", "engine")).changes == 0


def test_messages_once_and_only_errors() -> None:
    progress = fed(said("no\n"), said("no"), said("careful", "warning"), said("  "), said("really"))
    assert progress.messages == ["no", "really"]


def test_feed_tells_which_rows_moved() -> None:
    progress = Progress(PLAN)
    assert progress.feed(begun("image", API)) == {"api", "migrate"}
    assert progress.feed(begun("image", API)) == set()
    assert progress.feed(said("x")) == set()
    assert progress.feed(begun("container", "api")) == {"api"}


FIRST_UP = (
    *step("stack", "galley-main-shop"),
    *step("network", "network"),
    *(begun("image", name) for name in (POSTGRES, API, WEB, "caddy:2-alpine")),
    *(ended("image", name) for name in (POSTGRES, "caddy:2-alpine", API)),
    *step("container", "router"),
    *step("container", "db"),
    *step("container", "db.ready", exitCode=0),
    *step("container", "migrate", exitCode=0),
    *step("container", "api"),
    ended("image", WEB),
    *step("container", "api.ready", exitCode=0),
    *step("container", "web"),
)
PUSH = (
    *(event for name in ("db", "db.ready", "router") for event in step("container", name, "same")),
    begun("image", API),
    ended("image", API),
    *replaced("migrate"),
    ended("container", "migrate", "create-replacement", exitCode=0),
    *replaced("api"),
    ended("container", "api", "create-replacement"),
    *step("container", "api.ready", "create-replacement", exitCode=0),
    *step("container", "web", "same"),
)
BAD_MIGRATION = (*FIRST_UP[:16], begun("container", "migrate"), ended("container", "migrate", exitCode=1))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second between any two looks at the clock."""
    seconds = iter(range(1000))
    monkeypatch.setattr(table.time, "monotonic", lambda: float(next(seconds)))


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(("name", "events"), [("first", FIRST_UP), ("push", PUSH), ("failed", BAD_MIGRATION)])
def test_plain_lines(
    name: str,
    events: tuple[EngineEvent, ...],
    golden: Callable[[Path, str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What CI's log shows: a line whenever a service does something else."""
    progress = Progress(PLAN)
    with Table(PLAN, Console(stderr=True, force_terminal=False)) as shown:
        for event in events:
            if moved := progress.feed(event):
                shown.show(progress, moved)
    captured = capsys.readouterr()
    assert captured.out == ""
    golden(GOLDEN / f"progress-{name}.txt", captured.err)


@pytest.mark.usefixtures("clock")
def test_a_build_s_output_is_no_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    progress = fed(begun("image", API))
    with Table(PLAN, Console(stderr=True, force_terminal=False)) as shown:
        for line in ("#1 FROM", "#2 RUN"):
            progress.rows["api"].why = line
            shown.show(progress, {"api"})
    assert capsys.readouterr().err == "api: building\n"


@pytest.mark.usefixtures("clock")
def test_the_table_of_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    progress = fed(begun("image", API), *step("container", "web"), *step("container", "router", "same"))
    progress.rows["api"].why = "#5 RUN pip install"
    shown = Table(PLAN)
    shown.show(progress, {"api", "web", "router"})
    Console(width=60, color_system=None, force_terminal=False).print(shown)
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "db       pending",
        "migrate  building",
        "api      building   3.0 s  #5 RUN pip install",
        "web      ready      0.0 s",
        "router   unchanged",
    ]
