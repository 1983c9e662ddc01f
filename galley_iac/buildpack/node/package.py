"""package.json, as far as a build needs it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from galley_iac.buildpack.application import UnbuildableError
from galley_iac.buildpack.files import Files, present, read_json, table, text
from galley_iac.buildpack.versions import Version, choose

NAME = "package.json"
DEFAULT: Version = (20,)
KNOWN: tuple[Version, ...] = ((18,), (20,), (22,), (24,))
_CODENAMES = {"hydrogen": (18,), "iron": (20,), "jod": (22,), "krypton": (24,)}
_PIN_FILES = (".nvmrc", ".node-version")
_PINNED = re.compile(r"v?(\d{1,2})(?:\.\d+){0,2}")
_DEPENDENCY_KINDS = ("dependencies", "devDependencies", "optionalDependencies")


@dataclass(frozen=True)
class Package:
    """``dependencies`` are of every kind, with the versions asked for; ``document`` is the whole file."""

    document: Mapping[str, Any]
    scripts: Mapping[str, str]
    dependencies: Mapping[str, str]

    @property
    def start(self) -> str:
        """The script ``start``; empty where there is none."""
        return self.scripts.get("start", "")

    @property
    def build(self) -> str:
        """The script ``build``; empty where there is none."""
        return self.scripts.get("build", "")


def recognises(files: Files) -> bool:
    """Whether the context is a Node project."""
    return files.exists(NAME)


def matters(files: Files) -> bool:
    """Whether package.json says how to build or start something, or only lists tools."""
    package = read(files)
    return bool(package.start or package.build)


def read(files: Files) -> Package:
    """The file. Raises UnbuildableError when it is no JSON object."""
    document = read_json(files, NAME)
    dependencies: dict[str, str] = {}
    for kind in _DEPENDENCY_KINDS:
        dependencies.update(_strings(table(document, kind)))
    return Package(document, _strings(table(document, "scripts")), dependencies)


def node_version(files: Files, package: Package) -> int:
    """The major version: from .nvmrc or .node-version, else what ``engines`` allows; 20 where nothing is
    said.
    """
    for path in present(files, *_PIN_FILES):
        return _pinned(path, files.read(path).strip())
    wanted = text(package.document, "engines", "node")
    found = choose(wanted, KNOWN, DEFAULT)
    if found is None:
        series = ", ".join(str(version) for (version,) in KNOWN)
        rule = f"{NAME} asks for Node `{wanted[:40]}`, which none of {series} satisfies"
        raise UnbuildableError.one("path", rule, "correct `engines.node`, or write the version into .nvmrc")
    return found[0]


def _pinned(path: str, written: str) -> int:
    name = written.lower().removeprefix("lts/")
    match = _PINNED.fullmatch(name)
    if match:
        return int(match[1])
    if name not in {*_CODENAMES, "*", "node", "lts"}:
        rule = f"{path} names no version of Node: `{written[:40]}`"
        raise UnbuildableError.one("path", rule, f"write one into {path}, such as `20`")
    return _CODENAMES.get(name, DEFAULT)[0]


def _strings(mapping: Mapping[str, Any]) -> dict[str, str]:
    return {key: value.strip() for key, value in mapping.items() if isinstance(value, str) and value.strip()}
