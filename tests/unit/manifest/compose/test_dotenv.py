from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.manifest.compose import dotenv
from galley_iac.manifest.compose.dotenv import DotenvError


def values(text: str) -> dict[str, str | None]:
    return {found.name: None if found.value is None else str(found.value) for found in dotenv.parse(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("\n# only a comment\n", {}),
        ("A=1", {"A": "1"}),
        ("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("\ufeffA=1", {"A": "1"}),
        ("  A = 1  ", {"A": "1"}),
        ("export A=1", {"A": "1"}),
        ("A: 1", {"A": "1"}),
        ("A=", {"A": ""}),
        ("A", {"A": None}),
        ("A\nB=1", {"A": None, "B": "1"}),
        ("A=a b # c", {"A": "a b"}),
        ("A=a#b", {"A": "a#b"}),
        ("A=# c", {"A": ""}),
        ("A='a # b'", {"A": "a # b"}),
        ("A='$B'", {"A": "$$B"}),
        ('A="$B"', {"A": "${B}"}),
        ('A="a\\nb\\t\\"c\\" \\\\"', {"A": 'a\nb\t"c" \\'}),
        ('A="x\\$y"', {"A": "x$$y"}),
        ("A='it\\'s'", {"A": "it's"}),
        ("A=\"one\ntwo\"\nB=3", {"A": "one\ntwo", "B": "3"}),
        ("A='x' # c\nB=1", {"A": "x", "B": "1"}),
        ("A=http://x?y=z", {"A": "http://x?y=z"}),
        ("A=1\nA=2", {"A": "2"}),
        ("a.b-c=1", {"a.b-c": "1"}),
        ("A=${B:-c d}", {"A": "${B:-c d}"}),
    ],
)  # fmt: skip
def test_parse(text: str, expected: dict[str, str | None]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("A=1\n!", 2, "is no assignment `NAME=value`"),
        ("A B=1", 1, "is no assignment `NAME=value`"),
        ("=1", 1, "is no assignment `NAME=value`"),
        ('\n\nA="x', 3, 'the quote " is not closed'),
        ("A='x\ny\n", 1, "the quote ' is not closed"),
        ("A=${B", 1, "`${` is not closed: close it with `}`, or write `$${` for the text `${`"),
        ("A='x\ny'\nB=1\n?", 4, "is no assignment `NAME=value`"),
    ],
)
def test_errors(text: str, line: int, message: str) -> None:
    with pytest.raises(DotenvError) as raised:
        dotenv.parse(text)
    assert (raised.value.line, str(raised.value)) == (line, message)


def test_raw() -> None:
    found = dotenv.parse("# c\nA='$x' # y\nB\n", raw=True)
    assert [(a.name, a.value and str(a.value), a.line) for a in found] == [
        ("A", "'$$x' # y", 2),
        ("B", None, 3),
    ]


@given(st.dictionaries(st.from_regex(r"[A-Z_]{1,5}", fullmatch=True), st.text(st.characters(codec="ascii"))))
def test_a_single_quoted_value_is_itself(assignments: dict[str, str]) -> None:
    plain = {name: value.replace("\\", "").replace("\r", "") for name, value in assignments.items()}
    text = "\n".join(f"{name}='{value.replace(chr(39), chr(92) + chr(39))}'" for name, value in plain.items())
    assert {found.name: found.value and found.value.text for found in dotenv.parse(text)} == plain
