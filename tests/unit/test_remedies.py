"""Every remedy reads alike: lower case, no full stop (docs/design.md). Found by the name ``remedy``."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

from tests.source_tree import modules

CAPITALISED = {"Compose", "Docker", "Pulumi", "Debian"}
"""Names that keep their capital letter."""

NODES = [(module.name, node) for module in modules() for node in ast.walk(module.tree)]


def places() -> dict[str, set[int]]:
    """At which place a function, a class or a base's ``__init__`` takes a remedy."""
    found = defaultdict(set, {"__init__": {1}})
    for _, node in NODES:
        if isinstance(node, ast.ClassDef):
            fields = [ast.unparse(one.target) for one in node.body if isinstance(one, ast.AnnAssign)]
            found[node.name] |= {fields.index("remedy")} if "remedy" in fields else set()
            found[node.name] |= {1} if any("Error" in ast.unparse(base) for base in node.bases) else set()
        elif isinstance(node, ast.FunctionDef):
            names = [one.arg for one in node.args.args if one.arg not in ("self", "cls")]
            found[node.name] |= {names.index("remedy")} if "remedy" in names else set()
    return found


def remedies() -> Iterator[tuple[str, ast.expr]]:
    """Every expression that is a remedy, with its place in the code."""
    known = places()
    for module, node in NODES:
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            at = max((place for place in known.get(name, ()) if place < len(node.args)), default=None)
            given = [] if at is None else [node.args[at]]
            given += [keyword.value for keyword in node.keywords if keyword.arg == "remedy"]
        elif isinstance(node, ast.Assign) and "remed" in ast.unparse(node.targets[0]).lower():
            given = [node.value]
        elif isinstance(node, ast.FunctionDef) and "remedy" in node.name:
            given = [one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value]
        else:
            continue
        yield from ((f"{module}:{node.lineno}", one) for one in given)


def texts(given: ast.expr) -> Iterator[str]:
    """What it may say; ``x`` for what only runs can tell."""
    match given:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "x" for one in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from (*texts(one), *texts(other))
        case ast.Dict(values=many):
            yield from (text for one in many for text in texts(one))


def is_right(text: str) -> bool:
    first = re.match(r"[A-Z][a-z]+", text)
    stops = re.search(r"(?<![.])[.]( [A-Z]|$)", text)
    return stops is None and (first is None or first[0] in CAPITALISED)


def test_remedies_are_lower_case_and_have_no_full_stop() -> None:
    found = [(place, text) for place, given in remedies() for text in texts(given)]
    assert len(found) > 250, "the search finds most of them"
    assert [f"{place}: {text}" for place, text in found if not is_right(text)] == []
