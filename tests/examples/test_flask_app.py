"""examples/flask: what may be written in the guest book."""

from __future__ import annotations

import pytest

from tests.examples.folders import EXAMPLES, load

entry = load("flask/entry.py")


def test_an_entry_loses_the_space_around_it() -> None:
    assert entry.Entry.of(" Ada ", "Hello,\n you\n") == entry.Entry(name="Ada", message="Hello,\n you")


@pytest.mark.parametrize(
    ("name", "message", "problem"),
    [
        ("", "Hello", "name is missing"),
        (" \t", "Hello", "name is missing"),
        ("Ada", "", "message is missing"),
        ("A" * 81, "Hello", "name is longer than 80 characters"),
        ("Ada", "x" * 1001, "message is longer than 1000 characters"),
        ("A\x00a", "Hello", "name contains a NUL"),
        ("Ada", "Hel\x00lo", "message contains a NUL"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_reason(name: str, message: str, problem: str) -> None:
    with pytest.raises(entry.EntryError) as refused:
        entry.Entry.of(name, message)
    assert str(refused.value) == problem


def test_the_longest_entry_is_accepted() -> None:
    longest = entry.Entry.of("é" * 80, "é" * 1000)
    assert (len(longest.name), len(longest.message)) == (80, 1000)


def test_the_form_allows_as_much_as_the_program() -> None:
    page = (EXAMPLES / "flask/templates/page.html").read_text(encoding="utf-8")
    assert f'name="name" maxlength="{entry.LONGEST_NAME}"' in page
    assert f'name="message" maxlength="{entry.LONGEST_MESSAGE}"' in page
