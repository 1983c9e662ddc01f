"""Every shape: its Dockerfile, word for word, and the start command of a web and of a worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from galley_iac.buildpack import UnbuildableError, detect
from tests.unit.buildpack.shapes import SHAPES, Shape
from tests.unit.buildpack.tree import Tree

GOLDEN = Path(__file__).parents[2] / "golden" / "dockerfiles"

each_shape = pytest.mark.parametrize("name", SHAPES)


@each_shape
def test_dockerfile(name: str, golden: Callable[[Path, str], None]) -> None:
    shape = SHAPES[name]
    golden(GOLDEN / f"{name}.Dockerfile", detect(Tree(shape.files), shape.ask).dockerfile)


@each_shape
def test_start_of_what_serves(name: str) -> None:
    assert last_word(SHAPES[name], serves=True) == SHAPES[name].serve


@each_shape
def test_start_of_a_worker(name: str) -> None:
    assert last_word(SHAPES[name], serves=False) == SHAPES[name].work


def test_no_golden_file_is_left_over() -> None:
    assert sorted(path.stem for path in GOLDEN.iterdir()) == sorted(SHAPES)


def last_word(shape: Shape, *, serves: bool) -> str | None:
    """None where there is no start command for that."""
    try:
        return detect(Tree(shape.files), shape.ask).start(serves=serves).words[-1]
    except UnbuildableError:
        return None
