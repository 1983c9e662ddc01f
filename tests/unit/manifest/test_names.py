from __future__ import annotations

import pytest

from galley_iac.manifest import names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("expos", "expose"),
        ("Health", "health"),
        ("dependson", "depends_on"),
        ("volumes", None),
        ("x" * 100_000, None),
    ],
)
def test_nearest(name: str, expected: str | None) -> None:
    assert names.nearest(name, ["expose", "health", "depends_on"]) == expected


def test_shown_is_one_short_line() -> None:
    assert names.shown("a\nb") == "`a\\nb`"
    assert names.shown("\x1b[31m") == "`\\x1b[31m`"
    assert names.shown("x" * 61) == f"`{'x' * 60}…`"
    assert names.shown("x" * 60) == f"`{'x' * 60}`"


@pytest.mark.parametrize(
    ("given", "text"),
    [([], ""), (["a"], "`a`"), (["a", "b"], "`a` and `b`"), (["a", "b", "c"], "`a`, `b` and `c`")],
)
def test_listed(given: list[str], text: str) -> None:
    assert names.listed(given) == text
