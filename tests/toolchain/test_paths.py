"""Where the tools are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from galley_iac.toolchain import paths


@pytest.mark.parametrize(
    ("environ", "root"),
    [
        ({"HOME": "/home/a"}, "/home/a/.cache/galley"),
        ({"HOME": "/home/a", "XDG_CACHE_HOME": "/var/cache/a"}, "/var/cache/a/galley"),
        ({"HOME": "/home/a", "XDG_CACHE_HOME": "/var/cache/a", "GALLEY_TOOLS": "/opt/tools"}, "/opt/tools"),
        ({"HOME": "/home/a", "XDG_CACHE_HOME": "", "GALLEY_TOOLS": ""}, "/home/a/.cache/galley"),
    ],
)
def test_the_most_specific_variable_decides(environ: dict[str, str], root: str) -> None:
    assert paths.layout(environ).root == Path(root)


def test_plugins_go_to_the_pulumi_home_that_is_set() -> None:
    layout = paths.layout({"HOME": "/home/a", "PULUMI_HOME": "/home/a/.pulumi"})

    assert layout.plugins == Path("/home/a/.pulumi/plugins")
    assert layout.pulumi == Path("/home/a/.cache/galley/pulumi")


def test_two_roots_have_two_short_names() -> None:
    first, second = (paths.layout({"GALLEY_TOOLS": root}).short_name for root in ("/a", "/b"))

    assert first != second
    assert len(f"galley{first}") <= 15, "the kernel's limit for a network interface's name"


@pytest.mark.parametrize("change", ["content", "name", "mode", "another file"])
def test_a_recipe_hash_changes_with_every_part_of_a_file(tmp_path: Path, change: str) -> None:
    recipe = tmp_path / "recipe"
    recipe.mkdir()
    file = recipe / "main.go"
    file.write_text("package main")
    before = paths.recipe_hash(recipe)

    match change:
        case "content":
            file.write_text("package other")
        case "name":
            file.rename(recipe / "other.go")
        case "mode":
            file.chmod(0o755)
        case "another file":
            (recipe / "more.go").touch()

    assert paths.recipe_hash(recipe) != before


def test_a_recipe_hash_does_not_depend_on_where_the_recipe_is(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "sub").mkdir(parents=True)
        (tmp_path / name / "sub" / "file").write_text("same")

    assert paths.recipe_hash(tmp_path / "one") == paths.recipe_hash(tmp_path / "two")
