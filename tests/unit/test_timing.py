"""Timestamps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from galley_iac.timing import age_seconds, parse, seconds, stamp


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2020-01-02T03:04:05Z", 0),
        ("2020-01-02T03:04:05.1Z", 100_000),
        ("2020-01-02T03:04:05.123456Z", 123_456),
        ("2020-01-02T03:04:05.123456789Z", 123_456),
        ("2020-01-02T03:04:05.000000001Z", 0),
    ],
)
def test_docker_s(text: str, microsecond: int) -> None:
    assert parse(text) == datetime(2020, 1, 2, 3, 4, 5, microsecond, UTC)


def test_one_of_a_container_that_never_started() -> None:
    assert parse("0001-01-01T00:00:00Z").year == 1
    assert age_seconds("0001-01-01T00:00:00Z") > 0


def test_age() -> None:
    begun = datetime.now(UTC) - timedelta(seconds=90)
    assert 89 < age_seconds(begun.strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z") < 95


@pytest.mark.parametrize("text", ["2020-01-02T03:04:05Z", "2020-01-02T04:04:05+01:00", "2020-01-02T03:04:05"])
def test_one_moment_in_any_zone(text: str) -> None:
    assert stamp(seconds(text)) == "2020-01-02T03:04:05Z"


def test_no_timestamp() -> None:
    with pytest.raises(ValueError, match="isoformat"):
        seconds("yesterday")
