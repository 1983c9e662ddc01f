"""examples/polyglot: the chart that its worker draws."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples.folders import load

chart = load("polyglot/worker/chart.py")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(text: str) -> tuple[list[str], list[int]]:
    """The labels and the lengths of the bars of a text's chart, from top to bottom."""
    root = ElementTree.fromstring(chart.svg(chart.letters(text)))
    labels = [label.text or "" for label in root.iter(f"{SVG}text")]
    return labels, [int(bar.attrib["width"]) for bar in root.iter(f"{SVG}rect")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, world", {"l": 3, "o": 2, "h": 1, "e": 1, "w": 1, "r": 1, "d": 1}),
        ("Éé 1_2!", {"é": 2}),
        ("", {}),
    ],
)
def test_letters_are_counted_whatever_their_case(text: str, expected: dict[str, int]) -> None:
    assert chart.letters(text) == Counter(expected)


def test_the_commonest_letter_is_first_and_the_longest() -> None:
    labels, lengths = drawn("abbccc")
    assert labels == ["c", "3", "b", "2", "a", "1"]
    assert lengths == [chart.LONGEST_BAR, chart.LONGEST_BAR * 2 // 3, chart.LONGEST_BAR // 3]


def test_letters_that_are_as_common_are_in_alphabetical_order() -> None:
    assert drawn("zya")[0][::2] == ["a", "y", "z"]


def test_a_text_without_letters_is_an_empty_chart() -> None:
    assert drawn("1 + 1 = 2") == ([], [])


@given(st.text())
def test_every_text_gives_a_well_formed_chart_of_all_its_letters(text: str) -> None:
    labels, lengths = drawn(text)
    assert sum(int(count) for count in labels[1::2]) == chart.letters(text).total()
    assert all(0 <= length <= chart.LONGEST_BAR for length in lengths)
