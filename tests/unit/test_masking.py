"""Known values are masked in every form that a text is likely to have them in."""

from __future__ import annotations

import base64
import json
import secrets
from urllib.parse import quote

import pytest

from galley_iac.masking import MASK, Masker

SIGNS = """pa"ss'w$rd#\\n %é日"""
LINES = "first line\nsecond line\n"


@pytest.mark.parametrize("value", [SIGNS, LINES, "0755", "true", "x" * 70_000])
@pytest.mark.parametrize(
    "form",
    [
        str,
        lambda value: quote(value, safe=""),
        lambda value: base64.b64encode(value.encode()).decode(),
        lambda value: json.dumps(value),
        lambda value: json.dumps(value, ensure_ascii=False),
    ],
    ids=["plain", "url", "base64", "json", "json-unicode"],
)
def test_a_value_in_any_form(value: str, form: object) -> None:
    text = f"before {form(value)} after"  # type: ignore[operator]
    masked = Masker([value])(text)
    assert MASK in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert value not in masked


def test_a_value_of_several_lines_is_masked_line_by_line() -> None:
    assert Masker([LINES])("a first line b") == f"a {MASK} b"
    assert Masker([LINES])("second line") == MASK


def test_the_longest_first() -> None:
    assert Masker(["secret", "secret-more"])("secret-more secret") == f"{MASK} {MASK}"


@pytest.mark.parametrize("value", ["", "a", "ab"])
def test_what_is_too_short_is_left(value: str) -> None:
    assert Masker([value])("abc ab a") == "abc ab a"


def test_without_values_nothing_changes() -> None:
    assert Masker(())("text") == "text"


def test_a_piece_of_a_long_value_is_masked_but_for_its_ends() -> None:
    value = secrets.token_hex(32 * 1024)
    masked = Masker([value])(f"before {value[1000:20_000]} after")
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert len(masked) < 100
