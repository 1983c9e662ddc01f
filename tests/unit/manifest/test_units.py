from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.manifest import units


@given(st.integers(min_value=0, max_value=2**50))
def test_memory_round_trip(size: int) -> None:
    assert units.memory(units.memory_text(size)) == size


@given(st.integers(min_value=1, max_value=86_400_000).map(lambda ms: ms / 1000))
def test_seconds_round_trip(value: float) -> None:
    assert units.seconds(units.seconds_text(value)) == value


@pytest.mark.parametrize(
    ("size", "text"), [(2**30, "1g"), (512 * 2**20, "512m"), (1536 * 2**20, "1536m"), (2048, "2k"), (7, "7")]
)
def test_memory_text_is_short(size: int, text: str) -> None:
    assert units.memory_text(size) == text


@pytest.mark.parametrize("text", ["", "s", "1x", "1m30", "-1s", "1" * 40, "１s"])
def test_no_duration(text: str) -> None:
    assert units.seconds(text) is None


@pytest.mark.parametrize("text", ["", "m", "1 x", "-1m", "1" * 40, "1ki b", "１m"])
def test_no_memory(text: str) -> None:
    assert units.memory(text) is None


@pytest.mark.parametrize("text", ["", "x", "1e3", "nan", "inf", "1" * 40, "１"])
def test_no_cpus(text: str) -> None:
    assert units.cpus(text) is None
