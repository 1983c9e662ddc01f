"""Where the time went, by the lines that galley prints."""

from __future__ import annotations

import pytest

from bench.phases import AFTER, BEFORE, ENGINE, NAMES, bar, split
from bench.running import Ran


def ran(seconds: float, *lines: tuple[float, str]) -> Ran:
    return Ran(seconds, lines)


def test_each_moment_belongs_to_one_phase() -> None:
    found = split(
        ran(
            10.0,
            (1.0, "api: building"),
            (4.0, "api: starting"),
            (5.0, "api: waiting for health"),
            (7.0, "api: ready (6.0 s)"),
            (7.5, "web: unchanged"),
        )
    )

    assert found == {
        BEFORE: 1.0,
        "building": 3.0,
        "starting": 1.0,
        "waiting for health": 2.0,
        ENGINE: 0.5,
        AFTER: 2.5,
    }


def test_of_two_services_the_one_that_is_further_behind_counts() -> None:
    found = split(
        ran(6.0, (0.0, "a: building"), (1.0, "b: starting"), (3.0, "a: ready (3.0 s)"), (5.0, "b: ready"))
    )

    assert (found["building"], found["starting"]) == (3.0, 2.0)


def test_other_lines_are_no_phases() -> None:
    lines = ["warning: the port: ready", "  api  http://x", "main-x: up in 3.0 s", ""]

    assert split(ran(5.0, *((1.0, line) for line in lines))) == {BEFORE: 5.0}


@pytest.mark.parametrize("width", [1, 7, 40])
def test_a_bar_is_as_wide_as_asked_whatever_is_rounded(width: int) -> None:
    phases = dict.fromkeys(NAMES, 1.0)

    assert len(bar(phases, width)) == width


def test_a_bars_letters_are_shares() -> None:
    assert bar({"building": 3.0, BEFORE: 1.0}, 8) == "--BBBBBB"
    assert bar({}, 8) == ""
