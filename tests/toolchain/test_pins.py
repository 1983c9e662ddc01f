"""Versions stand in one place; where another file must repeat one, it is the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from galley_iac.toolchain import paths, pins

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RECIPES = sorted(path.parent for path in paths.GO_RECIPES.glob("*/go.mod"))


def test_the_python_packages_go_with_the_programs() -> None:
    assert f"pulumi=={pins.PULUMI}" in PROJECT["dependencies"]
    assert f"pulumi-docker=={pins.DOCKER_PLUGIN.version}" in PROJECT["dependencies"]
    kubernetes = f"pulumi-kubernetes=={pins.KUBERNETES_PLUGIN.version}"
    assert kubernetes in PROJECT["optional-dependencies"]["kubernetes"]


def test_the_recipes_build_the_pinned_versions() -> None:
    cli = (paths.GO_RECIPES / "pulumi-cli" / "go.mod").read_text()
    host = (paths.GO_RECIPES / "language-host" / "go.mod").read_text()

    assert f"github.com/pulumi/pulumi/pkg/v3 v{pins.PULUMI}\n" in cli
    assert f"github.com/pulumi/pulumi/sdk/v3 v{pins.LANGUAGE_HOST}\n" in host


def test_the_docker_plugin_shares_the_compilers_cache_with_the_cli() -> None:
    plugin = (paths.GO_RECIPES / "plugin-docker" / "go.mod").read_text()

    for module in ("pkg", "sdk"):
        assert re.search(rf"github\.com/pulumi/pulumi/{module}/v3 v{pins.PULUMI}( // indirect)?\n", plugin)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)
def test_every_recipe_is_checked_by_a_go_sum(recipe: Path) -> None:
    """Go itself refuses what go.sum does not name; here only that it is there and names what is asked for."""
    asked = (recipe / "go.mod").read_text()
    required = set(re.findall(r"^\t?(?:require )?(\S+) (v\S+)$", asked, re.MULTILINE))
    replaced = set(re.findall(r"^replace (\S+)", asked, re.MULTILINE))
    checked = (recipe / "go.sum").read_text()

    assert required
    for module, version in required:
        assert module in replaced or f"{module} {version} h1:" in checked


def test_every_requirement_is_locked_with_a_hash() -> None:
    locked = (ROOT / "requirements-dev.txt").read_text()
    names = re.findall(r"^([A-Za-z0-9_.-]+)==", locked, re.MULTILINE)

    assert len(names) > 20
    assert len(re.findall(r"^[A-Za-z0-9_.-]+==.*\\\n    --hash=sha256:", locked, re.MULTILINE)) == len(names)
    assert "://" not in locked


def test_the_wheel_carries_the_recipes() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert built["packages"] == ["galley_iac"]
    assert paths.GO_RECIPES.is_relative_to(ROOT / "galley_iac")
    assert paths.IMAGE_RECIPES.is_relative_to(ROOT / "galley_iac")


def test_the_oldest_python_is_the_one_that_is_declared() -> None:
    assert PROJECT["requires-python"] == ">=" + ".".join(map(str, pins.MINIMUM_PYTHON))
