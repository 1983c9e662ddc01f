"""Manifests and compose files in the style of well-known public ones, and what each of them means.

Every folder of tests/golden/manifest/shapes has one manifest, with whatever files it names. ``expected.yaml``
is all that the Manifest says, ``notices.txt`` what its author is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from galley_iac.manifest import Parsed, parse, render, template
from galley_iac.manifest.compose import parse_compose
from galley_iac.manifest.models import Frozen, Manifest
from galley_iac.manifest.template import Template
from galley_iac.toolchain import recipes

ROOT = Path(__file__).parents[3]
SHAPES = Path(__file__).parents[2] / "golden" / "manifest" / "shapes"
FOLDERS = sorted(path for path in SHAPES.iterdir() if path.is_dir())
ON_DOCKER = ROOT / "tests" / "integration" / "test_shapes.py"
WITHOUT_SOURCE = {
    "compose-rails": "Rails itself is not installed for a test",
    "fastapi-celery": "means the same as compose-seed, which is brought up",
}
"""Shapes whose images can be had everywhere, and that no test brings up all the same: why."""


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


def images(folder: Path) -> set[str]:
    """The images that a shape pulls, with the defaults of their variables."""
    found = [service.image for service in read(folder).manifest.services.values() if not service.build]
    return {str(template.resolve(image, lambda _: None)[0][0]) for image in found if image}


def unobtainable(folder: Path) -> set[str]:
    """Those of them that there are no stand-ins for, where no registry answers."""
    return images(folder) - {name for recipe in recipes.load().values() for name in recipe.stands_in_for}


def on_docker() -> set[str]:
    """The shapes that the integration tests bring up, by the names of their functions."""
    tests = re.findall(r"^def test_(\w+)\(", ON_DOCKER.read_text(encoding="utf-8"), re.MULTILINE)
    return {name.replace("_", "-") for name in tests}


def row(folder: Path) -> str:
    (path,) = [*folder.glob("galley.yaml"), *folder.glob("*compose.y*ml")]
    services = ", ".join(read(folder).manifest.services)
    missing = ", ".join(f"`{name}`" for name in sorted(unobtainable(folder)))
    why = f"only a registry has {missing}" if missing else WITHOUT_SOURCE.get(folder.name, "")
    state = "**brought up**" if folder.name in on_docker() else f"golden case only: {why}"
    place = path.resolve().relative_to(ROOT).as_posix()
    return f"| [{folder.name}](../{place}) | {services} | {state} |"


def test_what_is_brought_up_is_enough_and_can_be_had() -> None:
    assert on_docker() <= {folder.name for folder in FOLDERS}
    assert len(on_docker()) >= 8
    assert {name: found for name in on_docker() if (found := unobtainable(SHAPES / name))} == {}


def test_a_shape_that_could_be_brought_up_has_its_reason() -> None:
    possible = {folder.name for folder in FOLDERS if not unobtainable(folder)}
    assert possible - on_docker() == set(WITHOUT_SOURCE)


def test_the_table_of_shapes(golden: Callable[[Path, str], None]) -> None:
    text = (ROOT / "docs" / "shapes.in.md").read_text(encoding="utf-8")
    note = "<!-- Made by `pytest --update-golden` from docs/shapes.in.md and the shapes themselves. -->\n\n"
    golden(ROOT / "docs" / "shapes.md", note + text.replace("@table@", "\n".join(map(row, FOLDERS))))
