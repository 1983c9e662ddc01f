"""The settings of a full host, as they are written."""

from __future__ import annotations

import pytest

from galley_iac.errors import UsageError
from galley_iac.plan.policy import FullHost, Policy, read_count, read_full
from galley_iac.plan.settings import make_settings


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


def policy(**texts: str) -> Policy:
    return make_settings(texts, {}, frozenset()).policy


def test_settings_make_a_policy() -> None:
    made = policy(
        hostPolicy="sleep",
        memoryOvercommit="1.5",
        cpuOvercommit="4",
        diskReserve="10g",
        maxPreviews="3",
        queueTimeout="30m",
    )
    assert made == Policy(FullHost.SLEEP, 1.5, 4.0, 10 * 1024**3, 3, 1800.0)


def test_what_is_not_set_has_a_default() -> None:
    assert policy() == Policy()
    assert make_settings({}, {}, frozenset()).ttl is None
    assert make_settings({"ttl": "2d"}, {}, frozenset()).ttl == 2 * 86400.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hostPolicy", "wait"),
        ("memoryOvercommit", "0"),
        ("cpuOvercommit", "-1"),
        ("diskReserve", "much"),
        ("maxPreviews", "1.5"),
        ("queueTimeout", "10"),
        ("ttl", "forever"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"'{value}' is no value of {name}"):
        policy(**{name: value})
