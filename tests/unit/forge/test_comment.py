"""The comment in every state, as kept texts, and what it withstands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galley_iac.forge import commands, comment
from galley_iac.forge.comment import DESCRIPTION_LIMIT, LIMIT, Report, ServiceLine, Stage, render
from galley_iac.forge.markdown import block, link, plain, span
from galley_iac.forge.model import Outcome
from tests.unit.forge.shapes import OTHER, SHA

KEPT = Path(__file__).parents[2] / "golden" / "comment"
SERVICES = (
    ServiceLine("api", "ready", "replaced", ("env", "image"), "http://api.pr-12-shop.localhost:8080"),
    ServiceLine("cache", "ready", "kept"),
    ServiceLine("migrate", "done", "created"),
    ServiceLine("worker", "running", "updated", ("resources.memory",)),
)
LOG = """\
pr-12-shop is not up.
api: exited with code 3
    | Traceback of ```somebody``` @everyone
    | <img src=x onerror=alert(1)> [click](http://evil.test)
    mend it and run `galley up` again
worker: waited for api"""
REPORTS = {
    "queued": Report("pr-12-shop", Stage.QUEUED, SHA, why="another update of it is still running"),
    "building": Report("pr-12-shop", Stage.BUILDING, SHA),
    "running": Report("pr-12-shop", Stage.RUNNING, SHA, services=SERVICES, took=12.3, ends="expires in 7 d"),
    "failed": Report("pr-12-shop", Stage.FAILED, SHA, took=31.0, log=LOG, services=SERVICES[1:2]),
    "asleep": Report("pr-12-shop", Stage.ASLEEP, SHA, why="somebody asked for it", ends="is pinned"),
    "removed": Report("pr-12-shop", Stage.REMOVED, why="the pull request is merged"),
    "waiting": Report("pr-12-shop", Stage.WAITING, SHA, why="it comes from outside", still=OTHER),
    "superseded": Report("pr-12-shop", Stage.SUPERSEDED, SHA, why=f"superseded by {OTHER[:10]}"),
    "interrupted": Report("pr-12-shop", Stage.INTERRUPTED, SHA, why="somebody stopped it"),
}


@pytest.mark.parametrize("name", REPORTS)
def test_every_state(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(KEPT / f"{name}.md", render(REPORTS[name]) + "\n")


def test_there_is_a_text_for_every_state() -> None:
    assert {report.stage for report in REPORTS.values()} == set(Stage)


def test_an_answer_goes_below_and_replaces_the_one_before() -> None:
    body = render(REPORTS["running"])
    first = comment.with_notice(body, "there is no command `fly`")
    assert first.startswith(body)
    assert first.endswith("> there is no command `fly`")
    assert comment.with_notice(first, "pinned") == comment.with_notice(body, "pinned")


def test_the_marks() -> None:
    assert {stage: Report("x", stage).outcome for stage in Stage} == {
        Stage.QUEUED: Outcome.PENDING,
        Stage.BUILDING: Outcome.PENDING,
        Stage.WAITING: Outcome.PENDING,
        Stage.RUNNING: Outcome.SUCCESS,
        Stage.ASLEEP: Outcome.SUCCESS,
        Stage.FAILED: Outcome.FAILURE,
        Stage.REMOVED: Outcome.STOPPED,
        Stage.SUPERSEDED: Outcome.STOPPED,
        Stage.INTERRUPTED: Outcome.STOPPED,
    }
    assert REPORTS["running"].description == "running in 12 s"
    assert REPORTS["running"].url == "http://api.pr-12-shop.localhost:8080"
    assert len(Report("x", Stage.QUEUED, why="y" * 500).description) == DESCRIPTION_LIMIT


def test_our_own_comment_is_never_an_order() -> None:
    """It shows the command that approves; whoever posts it may write to the repository."""
    body = render(REPORTS["waiting"])
    assert f"\n/galley approve {SHA}\n" in body
    assert commands.parse(body) is None
    assert commands.approved(body) == ""


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("feature/x", "`feature/x`"),
        ("`a` @all | <b>", "`'a' @\u2060all \u00a6 <b>`"),
        ("a\nb\r\n\x1b[31mc\x1b[0m", "`a b c`"),
        ("", "`-`"),
        ("\u202egnp.exe", "`gnp.exe`"),
        ("x" * 200, f"`{'x' * 119}\u2026`"),
    ],
)
def test_a_span(text: str, safe: str) -> None:
    assert span(text) == safe


def test_a_block_outlasts_any_fence_inside() -> None:
    shown = block("````\n@here\n/close", 1000)
    assert shown == "`````text\n ````\n @\u2060here\n /close\n`````"


def test_a_long_block_keeps_its_beginning_and_its_end() -> None:
    lines = [f"line {number}" for number in range(10_000)]
    shown = block("\n".join(lines), 2000)
    assert len(shown) < 2100
    assert shown.startswith("```text\n line 0\n")
    assert shown.endswith("\n line 9999\n```")
    assert "\n [...]\n" in shown
    assert len(block("x" * 100_000, 2000)) < 500


def test_terminal_codes_go() -> None:
    assert plain("\x1b]0;title\x07a\x1b[1;31mb\x1b[0m\tc\x00\x07") == "ab    c"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://x/>", "http://x/ y", "http://x/?a=[b](c)"])
def test_only_a_plain_address_is_a_link(url: str) -> None:
    assert link(url).startswith("`")
    assert link("https://api--pr-12-shop.example.com") == "<https://api--pr-12-shop.example.com>"


@settings(max_examples=60)
@given(st.text(max_size=300), st.text(alphabet="`~\n\r @/<>|\u2028\x1b[x", max_size=300))
def test_whatever_is_logged_stays_in_its_block(first: str, second: str) -> None:
    lines = block(first + second, 1000).split("\n")
    fence = lines[0].removesuffix("text")
    assert set(fence) == {"`"}
    assert lines[-1] == fence
    assert all(line.startswith(" ") or not line for line in lines[1:-1])
    assert not any(fence in line for line in lines[1:-1])


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_whatever_is_named_stays_in_its_span(text: str) -> None:
    shown = span(text)
    assert shown[0] == shown[-1] == "`"
    assert not {"`", "|", "\n", "\r"} & set(shown[1:-1])


def test_no_comment_is_too_long_for_a_forge() -> None:
    services = tuple(
        ServiceLine("s" * 40, "ready", "replaced", ("env",) * 9, f"http://{'h' * 250}") for _ in range(500)
    )
    body = render(Report("p" * 40, Stage.FAILED, SHA, services=services, log="\n".join(["@" * 900] * 9000)))
    assert len(body) <= LIMIT
    assert "and 400 more services" in body
