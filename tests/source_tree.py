"""The project's own Python modules as syntax trees, for tests that are about the code itself."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = "galley_iac"


@dataclass(frozen=True)
class Module:
    """One module: ``name`` is dotted, ``text`` its source."""

    name: str
    path: Path
    text: str

    @property
    def tree(self) -> ast.Module:
        return _parsed(self)

    @property
    def part(self) -> str:
        """The folder or file of the package that it belongs to: ``plan``, ``errors``."""
        return [*self.name.split("."), ""][1]

    def imports(self) -> set[str]:
        """Every module that it imports, wherever the statement stands; a member as ``module.member``."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        return found

    def functions(self) -> Iterator[tuple[str, int]]:
        """Name and number of lines of every function, decorators not counted."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                yield node.name, node.end_lineno - node.lineno + 1


@cache
def _parsed(module: Module) -> ast.Module:
    return ast.parse(module.text, module.path)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is in git, or would be with the next ``git add``."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


@cache
def modules() -> tuple[Module, ...]:
    """The package's modules; scripts that are put into images are none."""
    paths = [path for path in tracked() if path.suffix == ".py" and path.is_relative_to(ROOT / PACKAGE)]
    return tuple(module(path) for path in paths if (path.parent / "__init__.py").is_file())


def module(path: Path) -> Module:
    """The module in a file below the project's root."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, path.read_text(encoding="utf-8"))
