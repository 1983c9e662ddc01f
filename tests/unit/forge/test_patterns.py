"""Which paths and branches are chosen."""

from __future__ import annotations

import pytest

from galley_iac.forge.patterns import any_match, matches


@pytest.mark.parametrize(
    ("name", "patterns", "chosen"),
    [
        ("main", ["main"], True),
        ("main2", ["main"], False),
        ("release/1", ["release/*"], True),
        ("release/1/2", ["release/*"], False),
        ("release/1/2", ["release/**"], True),
        ("api/a.py", ["api/"], True),
        ("api2/a.py", ["api/"], False),
        ("a.py", ["**/*.py"], True),
        ("x/y/a.py", ["**/*.py"], True),
        ("a.pyc", ["*.py"], False),
        ("a+b[c].md", ["a+b[c].md"], True),
        ("ab", ["a?"], True),
        ("a/", ["a?"], False),
        ("docs/a.md", ["**", "!docs/"], False),
        ("docs/api/a.md", ["**", "!docs/", "docs/api/"], True),
        ("x", ["!x"], False),
        ("x", [], False),
    ],
)
def test_patterns(name: str, patterns: list[str], chosen: bool) -> None:
    assert matches(name, patterns) is chosen


def test_one_of_many_is_enough() -> None:
    assert any_match(["README.md", "api/a.py"], ["**", "!*.md"])
    assert not any_match(["README.md"], ["**", "!*.md"])
    assert not any_match([], ["**"])
