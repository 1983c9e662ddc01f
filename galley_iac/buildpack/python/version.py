"""Which Python."""

from __future__ import annotations

import re
from typing import Any

from galley_iac.buildpack.application import UnbuildableError
from galley_iac.buildpack.files import Files, text
from galley_iac.buildpack.versions import Version, choose, parse

DEFAULT: Version = (3, 12)
KNOWN: tuple[Version, ...] = ((3, 9), (3, 10), (3, 11), (3, 12), (3, 13), (3, 14))
_PINNED = re.compile(r"(?:python-|cpython-)?(3\.\d{1,2})(?:\.\d+)?")
_PIN_FILES = (".python-version", "runtime.txt")
_RANGES = (("project", "requires-python"), ("tool", "poetry", "dependencies", "python"))


def python_version(files: Files, document: dict[str, Any]) -> Version:
    """From .python-version, runtime.txt, or what pyproject.toml allows; 3.12 where nothing is said.

    Major and minor number: the base image of a series always has its newest release.
    """
    for path in _PIN_FILES:
        if files.exists(path):
            return _pinned(path, files.read(path))
    for keys in _RANGES:
        wanted = text(document, *keys)
        if wanted:
            return _allowed(wanted)
    return DEFAULT


def _pinned(path: str, content: str) -> Version:
    lines = [line.strip() for line in content.splitlines()]
    line = next((line for line in lines if line and not line.startswith("#")), "")
    match = _PINNED.fullmatch(line)
    if match is None:
        rule = f"{path} names no version of Python 3: `{line[:40]}`"
        raise UnbuildableError.one("path", rule, f"write one into {path}, such as `3.12`")
    return parse(match[1])


def _allowed(wanted: str) -> Version:
    found = choose(wanted, KNOWN, DEFAULT)
    if found is None:
        series = ", ".join(".".join(map(str, version)) for version in KNOWN)
        rule = f"pyproject.toml asks for Python `{wanted[:40]}`, which none of {series} satisfies"
        raise UnbuildableError.one("path", rule, "correct it, or write the version into .python-version")
    return found
