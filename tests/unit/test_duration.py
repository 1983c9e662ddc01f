"""Durations of a preview's life, as people write and read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.duration import DAY, HOUR, LONGEST, MINUTE, WEEK, parse, text


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("2d", 2 * DAY),
        ("1w", WEEK),
        ("36h", 36 * HOUR),
        ("90m", 90 * MINUTE),
        ("30s", 30.0),
        ("1w2d3h4m5s", WEEK + 2 * DAY + 3 * HOUR + 4 * MINUTE + 5),
        ("1d12h", 1.5 * DAY),
        ("520w", LONGEST),
    ],
)
def test_what_is_a_duration(written: str, seconds: float) -> None:
    assert parse(written) == seconds


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2",
        "d",
        "0d",
        "0s",
        "-1d",
        "1.5d",
        "2 d",
        "2D",
        "1h2d",
        "1d1d",
        "2days",
        "521w",
        "١d",
        "9999999999s",
    ],
)
def test_what_is_none(written: str) -> None:
    assert parse(written) is None


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (-5, "0 s"),
        (0.4, "0 s"),
        (59.6, "1 min"),
        (90, "1 min 30 s"),
        (HOUR, "1 h"),
        (HOUR + 59, "1 h"),
        (6 * DAY + 23 * HOUR + 59 * MINUTE, "6 d 23 h"),
        (3 * WEEK, "21 d"),
    ],
)
def test_how_it_is_shown(seconds: float, shown: str) -> None:
    assert text(seconds) == shown


@given(st.integers(1, int(LONGEST)))
def test_every_number_of_seconds_can_be_written(seconds: int) -> None:
    assert parse(f"{seconds}s") == seconds


@given(st.floats(0, LONGEST))
def test_what_is_shown_is_never_more_than_there_is(seconds: float) -> None:
    """Apart from the rounding to whole seconds, units are cut off and not rounded up."""
    shown = parse(text(seconds).replace("min", "m").replace(" ", "")) or 0.0
    assert shown <= seconds + 0.5
