"""Medians, ratios and the table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench import figures
from bench.figures import Sample
from bench.table import table

GOLDEN = Path(__file__).parent / "golden"


def samples(case: str = "noop", **times: list[float]) -> list[Sample]:
    return [
        Sample("five", contender, case, number, seconds)
        for contender, found in times.items()
        for number, seconds in enumerate(found, 1)
    ]


@pytest.mark.parametrize(
    ("values", "expected"), [([], None), ([3.0], 3.0), ([9.0, 1.0, 2.0], 2.0), ([4.0, 1.0, 2.0, 3.0], 2.5)]
)
def test_the_median_is_of_values_in_any_order(values: list[float], expected: float | None) -> None:
    assert figures.median(values) == expected


def test_a_ratio_is_one_median_by_another() -> None:
    found = samples(galley=[3.0, 100.0, 2.0], compose=[1.0, 2.0, 50.0])

    assert figures.ratio(found, "five", "noop", "galley", "compose") == 1.5


def test_without_one_of_the_two_there_is_no_ratio() -> None:
    found = samples(galley=[3.0])

    assert figures.ratio(found, "five", "noop", "galley", "compose") is None
    assert figures.ratio(found, "five", "noop", "compose", "galley") is None


def test_times_of_another_case_or_application_do_not_count() -> None:
    found = [*samples(galley=[1.0]), *samples("down", galley=[9.0]), Sample("seed", "galley", "noop", 1, 7.0)]

    assert figures.times(found, "five", "noop", "galley") == [1.0]


def test_phases_are_means_that_add_up() -> None:
    found = [
        Sample("five", "galley", "first", 1, 3.0, {"building": 2.0, "starting": 1.0}),
        Sample("five", "galley", "first", 2, 5.0, {"building": 5.0}),
    ]

    parts = figures.phases(found, "five", "first", "galley")

    assert parts == {"building": 3.5, "starting": 0.5}
    assert sum(parts.values()) == 4.0


def test_the_table(golden: Callable[[Path, str], None]) -> None:
    parts = {"before the first service": 0.5, "building": 4.0, "starting": 1.0, "waiting for health": 2.0}
    found = [
        *(Sample("five", "galley", "first", number, 7.5, parts) for number in (1, 2)),
        *samples("first", compose=[5.0, 5.0], pulumi=[6.0, 6.5]),
        *samples(galley=[1.4, 1.2], compose=[0.6, 0.7], pulumi=[1.1, 1.0]),
        *samples("sleep", galley=[1.0, 1.0], compose=[0.5, 0.5]),
        Sample("seed", "galley", "down", 1, 4.0),
    ]

    golden(GOLDEN / "table.txt", table(found, ["galley", "compose", "pulumi"]) + "\n")
