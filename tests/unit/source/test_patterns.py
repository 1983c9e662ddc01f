"""Single patterns of .dockerignore: what they match, what is none, and that none takes long."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.buildpack import DEFAULTS
from galley_iac.source import ignore
from galley_iac.source.patterns import STEPS_OF_AN_ENTRY, Effort, Pattern, PatternError

MATCHES = [
    ("a", "a", True),
    ("a", "A", False),
    ("README.md", "readme.md", False),
    ("a", "ab", False),
    ("/a/", "a", True),
    ("./a/../b", "b", True),
    ("*.md", "x.md", True),
    ("*.md", "d/x.md", False),
    ("*/x", "d/x", True),
    ("*/x", "d/e/x", False),
    ("**/x", "x", True),
    ("**/x", "d/e/x", True),
    ("**/x", "d/ex", False),
    ("**x", "d/e/x", True),
    ("d/**", "d", False),
    ("d/**", "d/e/x", True),
    ("d/**/x", "d/x", True),
    ("d/**/x", "d/e/f/x", True),
    ("d**x", "dx", True),
    ("d**x", "de/x", True),
    ("d**x", "dex", False),
    ("d**", "de/x", True),
    ("**", "d/e", True),
    ("a?c", "abc", True),
    ("a?c", "a/c", False),
    ("[a-c]x", "bx", True),
    ("[^a-c]x", "bx", False),
    ("[^a-c]x", "dx", True),
    ("*.py[co]", "x.pyo", True),
    ("[a\\-c]", "-", True),
    ("\\*", "*", True),
    ("\\*", "x", False),
    ("\\[a", "[a", True),
    ("a+(b)|{c}^$", "a+(b)|{c}^$", True),
    ("../x", "x", False),
]


def pattern(line: str) -> Pattern:
    found = Pattern.of(line)
    assert found
    return found


@pytest.mark.parametrize(("line", "path", "expected"), MATCHES)
def test_match(line: str, path: str, expected: bool) -> None:
    assert pattern(line).matches(path, Effort()) is expected
    assert pattern(f"! {line}").keeps


@pytest.mark.parametrize("line", [".", "/", "./", "! .", "a/.."])
def test_what_says_nothing(line: str) -> None:
    assert Pattern.of(line) is None


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("!", "`!` alone brings nothing back"),
        ("! ", "`!` alone brings nothing back"),
        ("[a", "`[a` has a `[` that is not closed, or is empty"),
        ("x[]", "`x[]` has a `[` that is not closed, or is empty"),
        ("[z-a]", "`[z-a]` has a range that ends before it begins"),
        ("a\\", "`a\\` ends with a `\\`"),
    ],
)
def test_what_is_no_pattern(line: str, rule: str) -> None:
    with pytest.raises(PatternError, match=f"^{re.escape(rule)}$"):
        Pattern.of(line)


PIECES = {"a": "a", "b": "b", "*": "[^/]*", "?": "[^/]", "/": "/", "**/": "(.*/)?"}


@given(
    st.lists(st.sampled_from(sorted(PIECES)), min_size=1, max_size=7),
    st.text(st.sampled_from("ab/"), max_size=9),
)
def test_every_piece_means_what_its_expression_means(pieces: list[str], path: str) -> None:
    line = f"x{'x'.join(pieces)}y"  # apart, so that no two pieces make a third one
    same = "x" + "x".join(PIECES[piece] for piece in pieces) + "y"
    for asked in (f"x{path}y", f"x{path.replace('/', 'x/')}y", f"x{'x'.join(path)}y"):
        assert pattern(line).matches(asked, Effort()) is (re.fullmatch(same, asked) is not None)


@pytest.mark.parametrize("line", ["*a" * 60, "**/" * 60 + "a", "**a" * 60, "*?" * 60 + "/x", "[ab]*" * 60])
def test_no_pattern_takes_long(line: str) -> None:
    """A regular expression for some of these would not end in a lifetime."""
    begun = time.process_time()
    for path in ("a" * 250, "/".join("a" * 120) + "b"):
        pattern(line).matches(path, Effort())
    assert time.process_time() - begun < 5


def test_too_much_is_refused(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"{number:0>3}{'a' * 200}").touch()
    with pytest.raises(PatternError, match="so many wildcards that they take too long"):
        ignore.included(tmp_path, [f"{'*a' * 90}{n}*" for n in range(200)], None)


def test_a_large_context_is_no_work() -> None:
    """Ten thousand files against all that is left out by itself, and some patterns of one's own."""
    lines = [*DEFAULTS, "**/*.md", "!README.md", "docs/**/*.png", "*.[ch]", "build"]
    made, effort = [found for line in lines if (found := Pattern.of(line))], Effort()
    for number in range(10_000):
        path = f"packages/library-{number % 100}/source/module_{number}.py"
        assert not any(one.matches(path, effort) for one in made)
    assert effort.steps < 10_000 * STEPS_OF_AN_ENTRY / 3
