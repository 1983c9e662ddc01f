"""The wheel is all that a user without a checkout has: the recipes are in it, and what must be run can be."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from galley_iac.toolchain import paths

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def _recipes() -> list[Path]:
    return [
        path for root in (paths.GO_RECIPES, paths.IMAGE_RECIPES) for path in root.rglob("*") if path.is_file()
    ]


def test_every_file_of_every_recipe_is_in_it(wheel: zipfile.ZipFile) -> None:
    wanted = {str(path.relative_to(ROOT)) for path in _recipes()}

    assert len(wanted) > 30
    assert wanted <= set(wheel.namelist())


def test_programs_keep_their_executable_bit(wheel: zipfile.ZipFile) -> None:
    programs = [path for path in _recipes() if path.stat().st_mode & 0o100]

    assert {"docker-entrypoint.sh", "pulumi-language-python", "apk"} <= {path.name for path in programs}
    for path in programs:
        assert wheel.getinfo(str(path.relative_to(ROOT))).external_attr >> 16 & 0o100


def test_the_command_is_in_it(wheel: zipfile.ZipFile) -> None:
    (entry,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]

    assert "galley = galley_iac.cli.main:main" in wheel.read(entry).decode()


def test_tests_and_examples_are_not(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"galley_iac"}
