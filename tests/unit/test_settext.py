"""A text that goes through Pulumi's configuration comes back as it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.settext import quoted, unquoted


def pulumi(stored: str) -> object:
    """What ``pulumi config set --path`` makes of a text: numbers and booleans become what they look like."""
    if stored in ("true", "false"):
        return stored == "true"
    digits = stored.removeprefix("-").removeprefix("+")
    return int(stored) if digits.isascii() and digits.isdecimal() else stored


@pytest.mark.parametrize(
    "text",
    ["", "plain", "0755", "-1", "+1", "true", "false", '"quoted"', '"', "a ", "a\n", "two\nlines\n", "ü"],
)
def test_there_and_back(text: str) -> None:
    assert unquoted(pulumi(quoted(text))) == text


@given(st.text())
def test_any_text_there_and_back(text: str) -> None:
    assert unquoted(pulumi(quoted(text))) == text


@given(st.text())
def test_what_is_stored_survives_a_pipe(text: str) -> None:
    """Trailing white space is lost on the way."""
    stored = quoted(text)
    assert stored.rstrip() == stored


def test_what_needs_no_quotes_has_none() -> None:
    assert quoted("postgres://app:pw@db/app") == "postgres://app:pw@db/app"


@pytest.mark.parametrize(("stored", "text"), [(7, "7"), (True, "true"), (1.5, "1.5"), (None, "null")])
def test_what_was_set_by_hand_without_a_type(stored: object, text: str) -> None:
    assert unquoted(stored) == text


def test_a_text_that_only_looks_quoted() -> None:
    assert unquoted('"a"b"') == '"a"b"'
    assert unquoted(json.dumps("a")) == "a"
