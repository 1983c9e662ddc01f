"""Reading of a payload, of which nothing is certain: everything asked for is there or it is not."""

from __future__ import annotations

import json
import re
from typing import Any

from galley_iac.errors import UsageError

_SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_REPOSITORY = re.compile(r"[\w.-]+(/[\w.-]+)+", re.ASCII)
_HEADS = "refs/heads/"


def parse(text: str) -> dict[str, Any]:
    """A payload's JSON object; UsageError when it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the event's payload is no JSON: {error}", "hand it over as it came") from None
    if not isinstance(found, dict):
        raise UsageError("the event's payload is no JSON object", "hand over the file as the forge sent it")
    return found


def node(tree: Any, *path: str) -> Any:
    """What is at the path; None where there is nothing."""
    for step in path:
        tree = tree.get(step) if isinstance(tree, dict) else None
    return tree


def text(tree: Any, *path: str) -> str:
    """The text at the path, without what no program takes for an argument; empty where there is none."""
    found = node(tree, *path)
    return found.replace("\0", "").encode("utf-8", "replace").decode() if isinstance(found, str) else ""


def number(tree: Any, *path: str) -> int | None:
    """The positive number at the path."""
    found = node(tree, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None


def flag(tree: Any, *path: str) -> bool:
    """Whether there is a ``true`` at the path."""
    return node(tree, *path) is True


def items(tree: Any, *path: str) -> list[Any]:
    """The list at the path; empty where there is none."""
    found = node(tree, *path)
    return found if isinstance(found, list) else []


def sha(tree: Any, *path: str) -> str:
    """The commit's id at the path; empty for anything else, and for the zeros that stand for no commit."""
    found = text(tree, *path)
    return found if _SHA.fullmatch(found) and found.strip("0") else ""


def repository(name: str) -> str:
    """``owner/name``, checked: it becomes a part of addresses. UsageError when it cannot be one."""
    if not _REPOSITORY.fullmatch(name) or any(part in (".", "..") for part in name.split("/")):
        raise UsageError(f"{name[:100]!r} is no repository", "it is written owner/name")
    return name


def branch(ref: str) -> str:
    """``refs/heads/x`` → ``x``; empty for a tag."""
    return ref.removeprefix(_HEADS) if ref.startswith(_HEADS) else ""
