"""The view of a build context that detection works on, and how the files in it are read."""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from galley_iac.buildpack.application import UnbuildableError

TOP = "."
_MOST_FILES = 2000
"""Enough for any application; so that a checkout with a data set in it costs no minutes."""

_PLAIN_PATH = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9_@./+-]*|\.[A-Za-z0-9_@][A-Za-z0-9_@./+-]*")


class Files(Protocol):
    """A build context as its build will see it: what .dockerignore leaves out is not there.

    Paths are relative to the context, with slashes.
    """

    def exists(self, path: str) -> bool:
        """Whether there is such a regular file inside the context."""

    def read(self, path: str) -> str:
        """The file's text; what is not UTF-8 in it is replaced."""

    def list(self, folder: str) -> Sequence[str]:
        """Names in a folder (``.`` is the context), sorted; a folder's name ends with a slash. None if
        there is none.
        """


def present(files: Files, *paths: str) -> tuple[str, ...]:
    """Those of ``paths`` that exist, in the given order."""
    return tuple(path for path in paths if files.exists(path))


def folders(files: Files, folder: str = TOP) -> tuple[str, ...]:
    """Paths of the folders in a folder, hidden ones left out."""
    names = (name[:-1] for name in files.list(folder) if name.endswith("/") and not name.startswith("."))
    return tuple(join(folder, name) for name in names)


def join(folder: str, name: str) -> str:
    """The path of ``name`` in ``folder``, without a leading ``./``."""
    return posixpath.normpath(posixpath.join(folder, name))


def walk(files: Files, depth: int, skip: frozenset[str] = frozenset()) -> Iterator[str]:
    """Paths of files at most ``depth`` folders down, the upper ones first; folders named in ``skip`` are
    not entered.
    """
    level: tuple[str, ...] = (TOP,)
    seen = 0
    for _ in range(depth + 1):
        for folder in level:
            for name in files.list(folder):
                if not name.endswith("/") and (seen := seen + 1) <= _MOST_FILES:
                    yield join(folder, name)
        level = tuple(
            inner for folder in level for inner in folders(files, folder) if _base(inner) not in skip
        )


def is_plain(path: str) -> bool:
    """Whether a path means only itself in every instruction of a Dockerfile: no pattern, no variable, no
    space.
    """
    return _PLAIN_PATH.fullmatch(path) is not None and ".." not in path.split("/")


def read_json(files: Files, path: str) -> dict[str, Any]:
    """A JSON object; UnbuildableError when it is none."""
    try:
        value = json.loads(files.read(path))
    except (ValueError, RecursionError) as error:
        raise UnbuildableError.one(
            "path", f"{path} is no JSON ({_short(error)})", f"correct {path}"
        ) from None
    if not isinstance(value, dict):
        raise UnbuildableError.one("path", f"{path} is no JSON object", f"correct {path}")
    return value


def read_toml(files: Files, path: str) -> dict[str, Any]:
    """A TOML document; UnbuildableError when it is none."""
    try:
        return tomllib.loads(files.read(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnbuildableError.one(
            "path", f"{path} is no TOML ({_short(error)})", f"correct {path}"
        ) from None


def table(value: object, *keys: str) -> dict[str, Any]:
    """The mapping at ``keys`` inside a document; empty where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def text(value: object, *keys: str) -> str:
    """The string at ``keys`` inside a document; empty where there is none."""
    found = table(value, *keys[:-1]).get(keys[-1])
    return found.strip() if isinstance(found, str) else ""


def _base(path: str) -> str:
    return path.rpartition("/")[2]


def _short(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
