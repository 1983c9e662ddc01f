"""Secrets are never shown, in whatever form they come."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.masking import MASK, SHORTEST, Masker

SECRETS = st.text(st.characters(blacklist_characters="*", blacklist_categories=["Cs"]), min_size=SHORTEST)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("password is pa/ss wd", "password is ********"),
        ("postgres://app:pa%2Fss%20wd@db", "postgres://app:********@db"),
        ("pa/ss wdpa/ss wd", "****************"),
        ("pa/ss", "pa/ss"),
        ("", ""),
    ],
)
def test_a_value_and_its_form_in_a_url(text: str, shown: str) -> None:
    assert Masker(["pa/ss wd"])(text) == shown


def test_several_the_longest_first() -> None:
    assert Masker(["token", "token-long"])("token-long token") == f"{MASK} {MASK}"


def test_line_by_line() -> None:
    """A key of several lines is logged a line at a time."""
    assert Masker(["BEGIN\nabcdef\nEND"])("read: abcdef") == f"read: {MASK}"


def test_a_short_value_is_left() -> None:
    assert Masker(["", "a", "ab"])("a cab") == "a cab"


def test_nothing_to_mask() -> None:
    assert Masker([])("text") == "text"


@given(SECRETS, st.text(max_size=5), st.text(max_size=5))
def test_no_form_of_a_secret_is_left(secret: str, before: str, after: str) -> None:
    forms = (
        secret,
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        base64.b64encode(secret.encode()).decode(),
    )
    for form in forms:
        assert form not in Masker([secret])(f"{before}{form}{after}").replace(MASK, "\0")
