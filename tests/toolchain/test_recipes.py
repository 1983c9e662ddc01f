"""The recipes of stand-in images, as files: what the engine makes of them is tested with a real engine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from galley_iac.toolchain import paths, recipes
from galley_iac.toolchain.recipes import Recipe

ALL = recipes.load()
EACH = pytest.mark.parametrize("recipe", ALL.values(), ids=ALL)


def _write(root: Path, name: str, base: str | None = None, extra: str = "") -> None:
    (root / name).mkdir(parents=True)
    line = f'base = "{base}"\n' if base else ""
    (root / name / "image.toml").write_text(f'stands_in_for = ["{name}:1"]\nwhat = "it"\n{line}{extra}')


def test_a_recipe_comes_after_what_it_builds_on(tmp_path: Path) -> None:
    _write(tmp_path, "a", base="b")
    _write(tmp_path, "b", base="c")
    _write(tmp_path, "c")

    assert list(recipes.load(tmp_path)) == ["c", "b", "a"]


def test_bases_are_built_as_well(tmp_path: Path) -> None:
    _write(tmp_path, "a", base="b")
    _write(tmp_path, "b")
    _write(tmp_path, "other")

    known = recipes.load(tmp_path)

    assert [recipe.name for recipe in recipes.with_bases({"a"}, known)] == ["b", "a"]


@pytest.mark.parametrize("change", ["its own file", "a file of its base", "the machine"])
def test_a_key_changes_with_all_that_goes_into_the_image(tmp_path: Path, change: str) -> None:
    _write(tmp_path, "a", base="b")
    _write(tmp_path, "b")
    known = recipes.load(tmp_path)
    before = recipes.key(known["a"], known, "authorities")
    changed = {"its own file": tmp_path / "a" / "new", "a file of its base": tmp_path / "b" / "new"}.get(
        change
    )
    if changed is not None:
        changed.touch()

    after = recipes.key(known["a"], known, "others" if change == "the machine" else "authorities")

    assert after != before


def test_a_key_stays_when_another_recipe_changes(tmp_path: Path) -> None:
    _write(tmp_path, "a")
    _write(tmp_path, "b")
    known = recipes.load(tmp_path)
    before = recipes.key(known["a"], known, "")
    (tmp_path / "b" / "new").touch()

    assert recipes.key(known["a"], known, "") == before


def test_a_key_changes_with_the_go_module_that_is_run() -> None:
    python = ALL["python-slim"]
    (module,) = [fetch.options["module"] for fetch in python.fetches if fetch.kind == "go"]

    assert (paths.GO_RECIPES / module / "go.sum").is_file()


@EACH
def test_the_dockerfile_builds_on_the_base_that_is_named(recipe: Recipe) -> None:
    sources = re.findall(r"^FROM (\S+)", (recipe.folder / "Dockerfile").read_text(), re.MULTILINE)

    assert set(sources) == {"scratch" if recipe.base is None else ALL[recipe.base].tag}


@EACH
def test_what_is_fetched_is_pinned(recipe: Recipe) -> None:
    for fetch in recipe.fetches:
        if fetch.kind in ("npm", "pypi"):
            assert re.search(r"(@|==)\d+\.\d+", fetch.options["package"])
            assert re.fullmatch("[0-9a-f]{64}", fetch.options["sha256"])


@EACH
def test_what_is_fetched_is_used(recipe: Recipe) -> None:
    dockerfile = (recipe.folder / "Dockerfile").read_text()

    for fetch in recipe.fetches:
        assert f" {fetch.into}/" in dockerfile


@EACH
def test_it_says_what_is_really_inside(recipe: Recipe) -> None:
    assert "Debian 12" in recipe.what


def test_a_name_is_taken_once() -> None:
    names = [name for recipe in ALL.values() for name in recipe.stands_in_for]

    assert len(names) == len(set(names))
    assert {
        "python:3.12-slim",
        "python:3.12-alpine",
        "postgres:16-alpine",
        "redis:7-alpine",
        "caddy:2-alpine",
    } <= set(names)


def test_stand_ins_for_alpine_images_have_its_commands() -> None:
    for recipe in ALL.values():
        if any(name.endswith("-alpine") for name in recipe.stands_in_for):
            assert "alpine" in (recipe.name, recipe.base) or (recipe.folder / "apk").is_file()
