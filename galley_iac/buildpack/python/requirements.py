"""Requirements as pip reads them: as much of a file as decides how it has to be installed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from galley_iac.buildpack.files import TOP, Files, join

_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)[ \t]*(\[[^\]]*\])?")
_OTHER_FILE = re.compile(r"(?:-r|-c|--requirement|--constraint)[= \t]*(\S+)")
_EDITABLE = re.compile(r"(?:-e|--editable)[= \t]*(\S+)")
_LOCAL = re.compile(r"\.{0,2}/|\.$|\.\[|file:")
_SERVER_INSIDE = {"fastapi-cli": "uvicorn", "fastapi[standard]": "uvicorn", "fastapi[all]": "uvicorn"}
"""Servers that come with another package."""


@dataclass(frozen=True)
class Requirements:
    """``names``: packages, normalised, ``name[extra]`` as well; ``files``: all that are read, the first one
    included; ``local``: something in the context itself is installed; ``git``: something is fetched with
    git."""

    names: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    local: bool = False
    git: bool = False


def read(files: Files, path: str) -> Requirements:
    """A requirements file and the files that it names."""
    read_files: dict[str, None] = {}
    lines = list(_lines(files, path, read_files))
    missing = any(not files.exists(found) for found in read_files)
    return _of(lines, tuple(read_files), missing)


def of(requirements: Iterable[str]) -> Requirements:
    """Requirements that stand in a list, as in pyproject.toml."""
    return _of([line.strip() for line in requirements], (), False)


def normalised(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _of(lines: list[str], files: tuple[str, ...], missing: bool) -> Requirements:
    names = set(_names(lines))
    names |= {server for name, server in _SERVER_INSIDE.items() if name in names}
    local = missing or any(_EDITABLE.match(line) or _LOCAL.match(_address(line)) for line in lines)
    return Requirements(frozenset(names), files, local, any("git+" in line for line in lines))


def _names(lines: list[str]) -> Iterator[str]:
    for line in lines:
        match = _NAME.match(line)
        if match and not _LOCAL.match(line):
            name = normalised(match[1])
            yield name
            extras = (match[2] or "")[1:-1].split(",")
            yield from (f"{name}[{extra.strip().lower()}]" for extra in extras if extra)


def _address(line: str) -> str:
    """``name @ address`` as the address."""
    return line.partition(" @ ")[2].strip() or line


def _lines(files: Files, path: str, seen: dict[str, None]) -> Iterator[str]:
    seen[path] = None
    if not files.exists(path):
        return
    for raw in files.read(path).splitlines():
        line = raw.strip()
        other = _OTHER_FILE.match(line)
        if other:
            inner = join(path.rpartition("/")[0] or TOP, other[1])
            if inner not in seen:
                yield from _lines(files, inner, seen)
        elif line and not line.startswith(("#", "--hash")):
            yield line
