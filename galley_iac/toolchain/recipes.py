"""Recipes of stand-in images: a folder each under ``images/``, with image.toml, Dockerfile and its files."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galley_iac.toolchain import paths

REPOSITORY = "galley-standin"
"""Stand-ins build on each other under ``galley-standin/NAME``."""


@dataclass(frozen=True)
class Fetch:
    """Something that a registry has and the build needs, in the folder ``into`` of the build context."""

    kind: str
    into: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Recipe:
    """``stands_in_for`` are the names it takes, ``what`` says what is really inside; the demo needs some."""

    name: str
    folder: Path
    stands_in_for: tuple[str, ...]
    what: str
    base: str | None
    demo: bool
    fetches: tuple[Fetch, ...]

    @property
    def tag(self) -> str:
        """The name under which other recipes build on it."""
        return f"{REPOSITORY}/{self.name}"


def load(root: Path = paths.IMAGE_RECIPES) -> dict[str, Recipe]:
    """Every recipe by name, each after the one it builds on."""
    found = {path.parent.name: _read(path) for path in sorted(root.glob("*/image.toml"))}
    ordered: dict[str, Recipe] = {}
    for name in found:
        for step in reversed(_ancestry(name, found)):
            ordered[step] = found[step]
    return ordered


def key(recipe: Recipe, recipes: Mapping[str, Recipe], machine: str) -> str:
    """Changes with the recipe, with what it builds on, and with what it takes from the machine."""
    folders = [recipes[name].folder for name in _ancestry(recipe.name, recipes)]
    modules = [
        paths.GO_RECIPES / fetch.options["module"]
        for name in _ancestry(recipe.name, recipes)
        for fetch in recipes[name].fetches
        if fetch.kind == "go"
    ]
    return hashlib.sha256(f"{paths.recipe_hash(*folders, *modules)}{machine}".encode()).hexdigest()[:12]


def with_bases(names: set[str], recipes: Mapping[str, Recipe]) -> list[Recipe]:
    """The recipes with these names and all that they build on, in the order in which to build them."""
    wanted = {step for name in names for step in _ancestry(name, recipes)}
    return [recipe for name, recipe in recipes.items() if name in wanted]


def _ancestry(name: str, recipes: Mapping[str, Recipe]) -> list[str]:
    """The recipe itself, what it builds on, and so on."""
    base = recipes[name].base
    return [name] if base is None else [name, *_ancestry(base, recipes)]


def _read(path: Path) -> Recipe:
    content = tomllib.loads(path.read_text())
    fetches = tuple(Fetch(entry.pop("kind"), entry.pop("into"), entry) for entry in content.get("fetch", []))
    return Recipe(
        name=path.parent.name,
        folder=path.parent,
        stands_in_for=tuple(content["stands_in_for"]),
        what=content["what"],
        base=content.get("base"),
        demo=content.get("demo", False),
        fetches=fetches,
    )
