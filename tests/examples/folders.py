"""Where the examples are, and how one of their modules is loaded."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

EXAMPLES = Path(__file__).parents[2] / "examples"


def load(path: str) -> ModuleType:
    """The module in the file `path` below examples/.

    By file, not by name: each example has modules called as it likes (`app` twice), and none is importable
    from the project itself.
    """
    name = "examples." + path.removesuffix(".py").replace("/", ".")
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / path)
    assert spec is not None, path
    assert spec.loader is not None, path
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def files(pattern: str) -> list[Path]:
    """The examples' files of that name, sorted; at least one, or a test would pass on nothing."""
    found = sorted(path for path in EXAMPLES.rglob(pattern) if "node_modules" not in path.parts)
    assert found, f"no {pattern} below {EXAMPLES}"
    return found


def named(path: Path) -> str:
    """A file's place below examples/, as a test's name."""
    return path.relative_to(EXAMPLES).as_posix()
