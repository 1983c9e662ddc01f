"""The settings of a full host, as they are written."""

from __future__ import annotations

import pytest

from galley_iac.plan.policy import FullHost, Policy, read_count, read_full


@pytest.mark.parametrize("word", ["refuse", "queue", "sleep"])
def test_the_three_words(word: str) -> None:
    found = read_full(word)
    assert found is not None
    assert found.value == word


@pytest.mark.parametrize("word", ["", "REFUSE", "wait", "sleep "])
def test_no_other_word(word: str) -> None:
    assert read_full(word) is None


@pytest.mark.parametrize(("written", "count"), [("0", 0), ("7", 7), ("999999", 999999)])
def test_a_count(written: str, count: int) -> None:
    assert read_count(written) == count


@pytest.mark.parametrize("written", ["", "-1", "1.0", "1000000", "²", "٣", "many"])
def test_no_count(written: str) -> None:
    assert read_count(written) is None


def test_a_host_refuses_unless_it_is_told_otherwise() -> None:
    assert Policy().full is FullHost.REFUSE
    assert Policy().max_previews == 0
