"""Manifests and compose files in the style of well-known public ones, and what each of them means.

Every folder of tests/golden/manifest/shapes has one manifest, with whatever files it names. ``expected.yaml``
is all that the Manifest says, ``notices.txt`` what its author is told.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from galley_iac.manifest import Parsed, parse, render
from galley_iac.manifest.compose import parse_compose
from galley_iac.manifest.models import Frozen, Manifest
from galley_iac.manifest.template import Template

SHAPES = Path(__file__).parents[2] / "golden" / "manifest" / "shapes"
FOLDERS = sorted(path for path in SHAPES.iterdir() if path.is_dir())


def read(folder: Path) -> Parsed:
    (path,) = [*folder.glob("galley.yaml"), *folder.glob("*compose.y*ml")]
    text = path.read_text(encoding="utf-8")
    if path.name == "galley.yaml":
        return parse(text, path.name)
    return parse_compose(text, path.name, lambda name: neighbour(folder / name))


def neighbour(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def described(manifest: Manifest) -> str:
    services = {name: plain(dict(service)) for name, service in manifest.services.items()}
    return yaml.safe_dump(services, sort_keys=False, width=100)


def plain(value: Any) -> Any:
    if isinstance(value, Template | Path):
        return str(value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Frozen):
        value = dict(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return str(value) if isinstance(value, str) else value


def test_there_are_enough() -> None:
    assert len(FOLDERS) >= 25


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_shape(folder: Path, golden: Callable[[Path, str], None]) -> None:
    found = read(folder)
    golden(folder / "expected.yaml", described(found.manifest))
    golden(folder / "notices.txt", "".join(f"{notice}\n" for notice in found.notices))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_galley_yaml_of_init_means_the_same(folder: Path) -> None:
    manifest = read(folder).manifest
    again = parse(render.to_yaml(manifest), "galley.yaml")
    unsaid = {problem.path.split(".")[1] for problem in render.unsaid(manifest)}
    before, after = manifest.services, again.manifest.services
    assert {name for name in before if before[name] != after[name]} == unsaid
    assert again.notices == ()


def test_a_compose_file_and_a_galley_yaml_that_say_the_same_mean_the_same() -> None:
    compose, galley = read(SHAPES / "compose-seed"), read(SHAPES / "fastapi-celery")
    assert compose.manifest.services == galley.manifest.services
