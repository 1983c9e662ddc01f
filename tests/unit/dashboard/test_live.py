"""What the engine and Pulumi's state say, put into the dashboard's words."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from galley_iac.automation.progress import PROBE_SUFFIX
from galley_iac.dashboard import drawing, states
from galley_iac.dashboard.live.crashes import Crashes, End, Ends, marker
from galley_iac.dashboard.live.engine.usage import cpus, memory
from galley_iac.dashboard.live.environment import variables
from galley_iac.dashboard.live.following import FileStream, Following
from galley_iac.dashboard.live.lines import file_lines, split, whole_lines
from galley_iac.dashboard.live.stacks import CONTAINER, from_resources
from galley_iac.dashboard.live.updates import changes, steps
from galley_iac.dashboard.model import Activity, Change, Crash, Line, Step, Update
from galley_iac.engine.status import PreviewStatus, ServiceStatus
from galley_iac.masking import MASK, Masker
from tests.unit.dashboard.support import service

ID = "c" * 64


def event(action: str, when: float, **attributes: str) -> dict[str, object]:
    own = {"galley.preview": "main-shop", "galley.service": "worker", "galley.role": "service"}
    return {
        "Action": action,
        "timeNano": int(when * 1e9),
        "Actor": {"ID": ID, "Attributes": {**own, **attributes}},
    }


def crashed(*events: dict[str, object]) -> list[str]:
    found: list[End] = []
    ends = Ends(found.append)
    for one in events:
        ends.feed(one)
    return [end.crash.reason for end in found]


def test_an_end_is_a_crash_unless_somebody_asked_for_it() -> None:
    assert crashed(event("die", 99, exitCode="1")) == ["exited with code 1"]
    assert crashed(event("oom", 98), event("die", 99, exitCode="137")) == [
        "exited with code 137 (out of memory)"
    ]
    assert crashed(event("kill", 98, signal="15"), event("die", 99, exitCode="143")) == []
    assert crashed(event("kill", 98, signal="1"), event("die", 99, exitCode="1")) == ["exited with code 1"]
    assert crashed(event("die", 99, exitCode="0")) == []
    assert crashed(event("die", 99, exitCode="1", **{"galley.role": "probe"})) == []


def test_what_is_forgotten_is_below_the_folder(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    Crashes(tmp_path / "crashes").forget("../other")
    assert (tmp_path / "other").is_dir()


@pytest.mark.parametrize("name", ["../..", "/etc", "", "a/b", ".."])
@pytest.mark.parametrize("label", ["galley.preview", "galley.service"])
def test_a_label_is_no_way_to_another_folder(label: str, name: str) -> None:
    assert crashed(event("die", 99, exitCode="1", **{label: name})) == []


def test_commands_inside_a_container_are_no_reason_to_look_again() -> None:
    ends = Ends(lambda _end: None)
    assert ends.feed(event("exec_create: sh", 9)) == ""
    assert ends.feed(event("start", 9)) == "main-shop"


def test_a_crash_and_its_log_outlive_container_and_dashboard(tmp_path: Path) -> None:
    crash = Crash(1_800_000_000.5, 1, "exited with code 1", ID, ("boom",))
    Crashes(tmp_path).keep(End("main-shop", "worker", crash), [marker("worker", crash.when - 1, "boom")])
    again = Crashes(tmp_path)
    assert again.last("main-shop") == {"worker": crash}
    assert again.lines("main-shop", "worker", [ID]) == [], "it has its own log still"
    (line, end) = again.lines("main-shop", "worker", ["d" * 64])
    assert (line.text, end.text) == ("boom", f"container {ID[:12]} exited with code 1")
    assert line.stamp < end.stamp
    (folder,) = (path for path in tmp_path.iterdir())
    assert folder.stat().st_mode & 0o077 == 0
    again.forget("main-shop")
    assert (again.last("main-shop"), list(tmp_path.iterdir())) == ({}, [])


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("URL=postgres://app:pw@db:5432/app", f"postgres://app:{MASK}@db:5432/app"),
        ("API_KEY=abc", MASK),
        ("DB_PASSWORD=abc", MASK),
        ("A=it has s3cret in it", MASK),
        ("MONKEY=banana", "banana"),
    ],
)
def test_environment_is_masked(given: str, shown: str) -> None:
    (variable,) = variables([given, "PATH=/bin"], ["PATH=/bin"], Masker(["s3cret"]))
    assert (variable.value, variable.masked) == (shown, shown != given.partition("=")[2])


def resource(name: str, *after: str, kind: str = CONTAINER, **more: object) -> dict[str, object]:
    prefix = "urn:pulumi:main::galley::galley:index:Preview$"
    dependencies = [f"{prefix}{CONTAINER}::{one}" for one in after]
    return {
        "urn": f"{prefix}{kind}::{name}",
        "type": kind,
        "id": name,
        "dependencies": dependencies,
        "inputs": {},
        **more,
    }


def test_who_waits_for_whom_is_in_the_state() -> None:
    stack = from_resources(
        [resource("db"), resource(f"db{PROBE_SUFFIX}", "db"), resource("api", f"db{PROBE_SUFFIX}")]
    )
    assert stack.after == {"db": (), "api": ("db",)}


def test_a_step_begins_when_what_it_waits_for_is_done() -> None:
    update = Update("update", 1_767_225_600.0, 1_767_225_609.0, "succeeded")
    found = steps(
        [
            resource("old", modified="2025-12-31T00:00:00Z"),
            resource("db", modified="2026-01-01T00:00:03.5Z"),
            resource("api", "db", "old", modified="2026-01-01T00:00:09.123456789Z"),
        ],
        update,
    )
    begun = update.started
    assert found == (
        Step("db", "container", begun, begun + 3.5),
        Step("api", "container", begun + 3.5, begun + 9.123456),
    )
    assert [(bar.left, bar.width) for bar in drawing.bars(found, begun, update.ended)] == [
        (0, 384),
        (384, 616),
    ]


def test_what_an_update_did_is_the_difference_of_two_states() -> None:
    before = [resource("api", inputs={"envs": [1], "image": "a"}), resource("db"), resource("gone")]
    after = [resource("api", inputs={"envs": [2], "image": "a"}, id="new"), resource("db"), resource("more")]
    assert changes(before, after) == (
        Change("api", "replaced", ("envs",)),
        Change("db", "kept"),
        Change("gone", "removed"),
        Change("more", "new"),
    )


def test_usage_is_between_two_measurements() -> None:
    assert cpus(None, (10.0, 5)) is None
    assert cpus((10.0, 0), (12.0, 1_000_000_000)) == 0.5
    assert cpus((10.0, 9), (12.0, 1)) is None, "it was started again"
    assert memory({"memory_stats": {"usage": 100, "stats": {"total_inactive_file": 30}}}) == 70


def test_states_of_a_preview() -> None:
    good, bad = ServiceStatus("a", "", "ready"), ServiceStatus("b", "", "crashed")
    both = PreviewStatus("main-shop", "shop", "main", None, (good, bad))
    nothing, only_bad = PreviewStatus("x", "", "", None), PreviewStatus("x", "", "", None, (bad,))
    assert states.overall(both, None, False) == "degraded"
    assert states.overall(both, None, True) == "degraded", "something of it runs"
    assert states.overall(only_bad, None, True) == states.overall(nothing, None, True) == "failed"
    assert states.overall(both, Activity("down"), False) == "ending"
    assert states.overall(both, Activity("refresh"), False) == "degraded", "comparing changes nothing"
    assert (states.overall(nothing, Activity("up"), True), states.overall(both, Activity("up"), True)) == (
        "pending",
        "building",
    )


def test_the_graph_has_columns_and_no_line_through_a_service() -> None:
    services = [
        service("api", after=("db", "migrate")),
        service("migrate", after=("db",)),
        service("db"),
        service("cache"),
    ]
    services.append(service("worker", after=("cache", "migrate")))
    graph = drawing.graph(services)
    columns = {node.service.name: node.x for node in graph.nodes}
    assert columns["db"] == columns["cache"] < columns["migrate"] < columns["api"] == columns["worker"]
    assert {(edge.start, edge.end) for edge in graph.edges} == {
        *(("db", "migrate"), ("migrate", "api"), ("cache", "worker"), ("migrate", "worker"))
    }, "db before api follows from migrate"
    places = {(node.x, node.y) for node in graph.nodes}
    assert len(places) == len(services)
    assert drawing.graph([]).nodes == ()


def test_a_secret_in_a_line_that_comes_in_pieces_is_masked() -> None:
    """The engine cuts a line after 16 KiB and notes the time anew, in the midst of the secret."""
    time = "2026-01-01T00:00:01.000000000Z"
    written = f"{time} {'a' * 16380}hide{time} -this\n{time} next\n".encode()
    lines = list(whole_lines([written], "api", lambda text: text.replace("hide-this", "***")))
    assert [(line.stamp, line.text[-8:]) for line in lines] == [(time, "aaaaa***"), (time, "next")]


def test_lines_end_where_the_program_ended_them() -> None:
    assert list(split([b"one\ntw", b"o\r\n\nthr\xff", b"ee"])) == ["one", "two", "thr\ufffdee"]


class Scripted:
    """A stream that was written already."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines

    def lines(self, since: str) -> Iterator[Line]:
        yield from (line for line in self._lines if line.stamp > since)

    def close(self) -> None:
        pass


def test_following_goes_on_after_the_past_and_with_whoever_comes() -> None:
    lines = [Line(f"2026-01-01T00:00:0{n}.000000000Z", "api", str(n)) for n in range(5)]
    streams = {"first run": ("api", lambda: Scripted(lines[:3]))}
    feed = Following(lines[:2], "", lambda: streams, lambda _feed: None)
    batches = iter(feed)
    assert [line.text for line in next(batches)] == ["0", "1"]
    assert [line.text for line in next(batches)] == ["2"]
    streams["second run"] = ("api", lambda: Scripted(lines))
    assert [line.text for line in next(batches)] == ["3", "4"]
    feed.close()
    assert list(batches) in ([], [()])


def test_a_build_is_followed_from_line_to_line(tmp_path: Path) -> None:
    path = tmp_path / "build.log"
    path.write_text("#1 one\n#2 two\n#3 ha")
    past = file_lines(path, "build:x", str)
    assert [line.text for line in past] == ["#1 one", "#2 two", "#3 ha"]
    stream = FileStream(path, "build:x", str)
    following = stream.lines(past[1].stamp)
    with path.open("a") as file:
        file.write("lf\n")
    assert next(following).text == "#3 half"
    stream.close()
    assert list(following) == []


def test_the_audit_is_added_to_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    from galley_iac.dashboard.audit import Asked, Audit

    audit = Audit(tmp_path / "audit.log")
    audit.record(Asked("ada\n", "proxy", "10.0.0.1"), "pin", "asked", preview="main-shop")
    audit.record(Asked("ada", "proxy", "10.0.0.1"), "pin", "done", preview="main-shop")
    first, second = map(json.loads, audit.path.read_text().splitlines())
    assert (first["who"], second["result"]) == ("ada\n", "done")
    assert audit.path.stat().st_mode & 0o777 == 0o600
    assert time.strptime(first["at"], "%Y-%m-%dT%H:%M:%SZ")
