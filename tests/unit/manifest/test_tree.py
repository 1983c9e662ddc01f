from __future__ import annotations

import time

import pytest

from galley_iac.errors import InputError, Problem
from galley_iac.manifest import nodes, tree
from galley_iac.manifest.nodes import Mapping, Mark, Node, Scalar, Type

SCANNING = " (while scanning for the next token)"


def read(text: str) -> Node:
    problems: list[Problem] = []
    root = tree.parse(text, "f.yaml", problems)
    assert problems == []
    return root


def refused(text: str) -> list[str]:
    problems: list[Problem] = []
    try:
        tree.parse(text, "f.yaml", problems)
    except InputError as error:
        problems = list(error.problems)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("written", "type_"),
    [
        ("a", Type.TEXT),
        ("yes", Type.TEXT),
        ("22:22", Type.TEXT),
        ("2024-01-01", Type.TEXT),
        ('"1"', Type.TEXT),
        ("'true'", Type.TEXT),
        ("1", Type.NUMBER),
        ("-1.5e3", Type.NUMBER),
        ("0755", Type.NUMBER),
        ("0x1F", Type.NUMBER),
        ("true", Type.BOOLEAN),
        ("False", Type.BOOLEAN),
        ("~", Type.NULL),
        ("null", Type.NULL),
        ("", Type.NULL),
    ],
)
def test_types(written: str, type_: Type) -> None:
    root = read(f"k: {written}\n")
    assert isinstance(root, Mapping)
    value = root.get("k")
    assert isinstance(value, Scalar)
    assert value.type is type_
    assert value.text == written.strip("\"'")


def test_places() -> None:
    root = read("a:\n  - x\n  - b: 1\n    c:\nd: {e: [f]}\n")
    assert {nodes.dotted(path): (mark.line, mark.column) for path, mark in nodes.places(root)} == {
        "a": (1, 1),
        "a.0": (2, 5),
        "a.1": (3, 5),
        "a.1.b": (3, 8),
        "a.1.c": (4, 5),
        "d": (5, 1),
        "d.e": (5, 5),
        "d.e.0": (5, 9),
    }


def test_merge_key() -> None:
    root = read("a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc:\n  <<: [*a, *b]\n  y: 3\nd: {<<: *b}\n")
    assert nodes.data(root)["c"] == {  # type: ignore[index]
        "y": Scalar("3", Type.NUMBER, Mark(5, 6)),
        "x": Scalar("1", Type.NUMBER, Mark(1, 11)),
        "z": Scalar("2", Type.NUMBER, Mark(2, 17)),
    }


def test_merge_of_something_else() -> None:
    assert refused("a: {<<: 1}\n") == [
        "f.yaml:1:9: a: `<<` takes mappings only\n    write `<<: *name` of a mapping's anchor"
    ]


def test_a_quoted_merge_key_is_a_key() -> None:
    root = read('"<<": 1\n')
    assert isinstance(root, Mapping)
    assert root.get("<<") is not None


def test_duplicate_keys_are_all_reported() -> None:
    assert refused("a: 1\nb: {c: 1, c: 2}\na: 2\na: 3\n") == [
        "f.yaml:2:11: b.c: the key is here twice (first on line 2)\n    keep one of the two",
        "f.yaml:3:1: a: the key is here twice (first on line 1)\n    keep one of the two",
        "f.yaml:4:1: a: the key is here twice (first on line 1)\n    keep one of the two",
    ]


@pytest.mark.parametrize("key", ["? [a]", "? {a: b}", '"\\0"', '"a\\nb"', '""', "? " + "k" * 257])
def test_keys_are_text(key: str) -> None:
    assert refused(f"{key} : 1\n" if not key.startswith("?") else f"{key}\n: 1\n")[0].split(": ", 1)[1] == (
        "a key must be printable text of at most 256 characters\n"
        "    write a name; a value that begins with `{` or `[` needs quotes"
    )


@pytest.mark.parametrize("tag", ["!reset", "!!python/object:os.system", "!!binary", "!!set", "!x!y"])
def test_tags(tag: str) -> None:
    (only,) = refused(f"%TAG !x! !own/\n---\na: {tag} {{}}\n")
    shown = "!own/y" if tag == "!x!y" else tag
    assert only == f"f.yaml:3:4: a: the tag `{shown}` is not understood\n    remove the tag"


def test_a_tag_with_a_line_break_is_named_on_one_line() -> None:
    (only,) = refused("a: !%0Ab {}\n")
    assert only == "f.yaml:1:4: a: the tag `!\\nb` is not understood\n    remove the tag"


@pytest.mark.parametrize("tag", ["!!str", "!!int", "!!null"])
def test_plain_tags_are_allowed(tag: str) -> None:
    read(f"a: {tag} 1\n")


@pytest.mark.parametrize(
    ("text", "place", "rule", "remedy"),
    [
        ("", "1:1", "is empty", "write `version: 1` and at least one service"),
        ("# only\n", "1:1", "is empty", "write `version: 1` and at least one service"),
        (
            "a:\n\tb: 1\n",
            "2:1",
            f"is not valid YAML: found character '\\t' that cannot start any token{SCANNING}",
            "indent with spaces; YAML allows no tabs there",
        ),
        (
            "a: b: c\n",
            "1:5",
            "is not valid YAML: mapping values are not allowed here",
            "put a value that contains `: ` in quotes, and give keys of one mapping the same indentation",
        ),
        (
            "a: @b\n",
            "1:4",
            f"is not valid YAML: found character '@' that cannot start any token{SCANNING}",
            "put the value in quotes",
        ),
        (
            "a: 1\n---\nb: 1\n",
            "2:1",
            "is not valid YAML: but found another document (expected a single document in the stream)",
            "keep one document in the file: remove what follows `---`",
        ),
        (
            "a: *b\n",
            "1:4",
            "is not valid YAML: found undefined alias 'b'",
            "define the anchor (`&name`) above the alias (`*name`), or write the value out",
        ),
        ("a: \x07\n", "1:4", "the character U+0007 may not be in YAML",
         "remove it, or write it as an escape in double quotes"),
    ],
)  # fmt: skip
def test_what_is_no_yaml(text: str, place: str, rule: str, remedy: str) -> None:
    assert refused(text) == [f"f.yaml:{place}: {rule}\n    {remedy}"]


def test_unclosed_bracket_names_a_place() -> None:
    (only,) = refused("a: [1, 2\nb: 3\n")
    assert only.startswith("f.yaml:2:2: is not valid YAML: expected ',' or ']'")


def test_too_long() -> None:
    assert refused("a: " + "x" * tree.MAX_CHARACTERS) == [
        "f.yaml: is longer than 256 KiB\n    a manifest describes services; keep data in other files"
    ]


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "a: &a {b: {c: *a}}\n", "a: &a {<<: *a}\n", "&a [*a, *a]"])
def test_aliases_of_themselves(text: str) -> None:
    assert "an alias refers to what it is inside of" in refused(text)[0]


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, levels)]
    return "\n".join(lines)


def merge_bomb(levels: int) -> str:
    lines = ["m0: &m0 {k0: 1}"]
    lines += [f"m{i}: &m{i} {{<<: [{', '.join([f'*m{i - 1}'] * 9)}], k{i}: 1}}" for i in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        bomb(9),
        merge_bomb(9),
    ],
    ids=["lists", "merges"],
)  # fmt: skip
def test_bombs_are_refused_quickly(text: str) -> None:
    started = time.process_time()
    assert refused(text)[-1].endswith("    use fewer aliases")
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["[" * 50_000, "{" * 50_000, "- " * 50_000, "{a: " * 50_000, "? " * 50_000])
def test_deep_nesting_is_refused(text: str) -> None:
    started = time.process_time()
    assert "more than 32 levels of nesting" in refused(text)[0]
    assert time.process_time() - started < 5


@pytest.mark.parametrize("written", ['"a\\0b"', '"\\ud800"'])
def test_values_that_no_program_can_be_given(written: str) -> None:
    (only,) = refused(f"a: {written}\n")
    assert only.startswith("f.yaml:1:4: a: contains the character U+")


def test_decode() -> None:
    assert tree.decode("\ufeffversion: ä".encode(), "f") == "version: ä"
    with pytest.raises(InputError) as raised:
        tree.decode(b"a: 1\nb: \xff\xfe", "f.yaml")
    assert str(raised.value) == "f.yaml:2:1: is not UTF-8 text\n    save the file as UTF-8"
