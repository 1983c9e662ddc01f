"""What is written for the contenders describes the same application."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench import files
from bench.application import SETTING, Application, Bulk
from bench.catalog import catalog, small
from galley_iac.plan.model import Plan
from galley_iac.plan.render import as_data
from galley_iac.request import Request, prepare

MARK = "benchmark-one"
NAMES = ("tiny", "five", "seed", "twenty")


def written(application: Application, folder: Path, mark: str = MARK) -> Path:
    files.write(application, folder, mark, 1)
    return folder


def plan_of(manifest: Path) -> Plan:
    return prepare(Request(manifest, branch="a", project="same")).plan


def essence(plan: Plan) -> dict[str, Any]:
    """What both descriptions have to agree on."""
    found = as_data(plan)
    kept = ("image", "expose", "env", "command", "entrypoint", "depends_on")
    services = {one["service"]: {name: one[name] for name in kept} for one in found["containers"]}
    return {"services": services, "jobs": [one.service for one in plan.containers if one.is_job]}


@pytest.mark.parametrize("name", NAMES)
def test_both_descriptions_give_the_same_plan(name: str, tmp_path: Path) -> None:
    folder = written(catalog()[name], tmp_path / "app")

    ours, theirs = plan_of(folder / "galley.yaml"), plan_of(folder / "compose.yaml")

    assert len(ours.containers) == len(catalog()[name].services)
    assert len(ours.built_images) == len(catalog()[name].contexts)
    assert essence(ours) == essence(theirs)
    assert [route.service for route in ours.routes] == [route.service for route in theirs.routes]


def test_the_seed_is_the_example(tmp_path: Path) -> None:
    """Its services, not only some like them; the images differ by the mark."""
    ours = essence(plan_of(written(catalog()["seed"], tmp_path / "app") / "galley.yaml"))
    example = essence(plan_of(Path(__file__).parents[2] / "examples" / "python" / "galley.yaml"))

    for service in (*ours["services"].values(), *example["services"].values()):
        service.pop("image")
    assert ours == example


@pytest.mark.parametrize("name", NAMES)
def test_another_mark_is_another_image(name: str, tmp_path: Path) -> None:
    one = written(catalog()[name], tmp_path / "one")
    two = written(catalog()[name], tmp_path / "two", "benchmark-two")
    same = written(catalog()[name], tmp_path / "same")

    tags = [{image.tag for image in plan_of(app / "galley.yaml").built_images} for app in (one, two, same)]

    assert not tags[0] & tags[1]
    assert tags[0] == tags[2]


def test_a_description_is_in_no_image(tmp_path: Path) -> None:
    """Else a changed environment would be a changed source."""
    application = catalog()["seed"]
    folder = written(application, tmp_path / "app")
    before = plan_of(folder / "galley.yaml")

    files.describe(application.with_setting("two"), folder, MARK)
    after = plan_of(folder / "galley.yaml")

    assert before.built_images == after.built_images
    changed = [c.service for c in after.containers if c.env != before.container(c.service).env]
    assert changed == ["api"]
    assert f"{SETTING}: two" in (folder / "compose.yaml").read_text()


@pytest.mark.parametrize("what", ["source", "dependencies"])
def test_a_change_is_one_images(what: str, tmp_path: Path) -> None:
    application = catalog()["five"]
    folder = written(application, tmp_path / "app")
    before = plan_of(folder / "galley.yaml").built_images

    files.touch(folder / getattr(application, what), 1)

    after = plan_of(folder / "galley.yaml").built_images
    assert len(set(before) - set(after)) == 1


def test_the_mark_comes_before_every_other_step() -> None:
    text = "# syntax\nFROM base AS one\nRUN true\nFROM one\nCOPY . .\n"

    assert files.marked(text, "m") == (
        "# syntax\nFROM base AS one\nCOPY bench-mark.txt /m.txt\nRUN true\n"
        "FROM one\nCOPY bench-mark.txt /m.txt\nCOPY . .\n"
    )


def test_bulk_follows_from_the_seed(tmp_path: Path) -> None:
    bulk = Bulk("s01/bulk", 60, 6_000)
    folders = []
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        files.write(small(1, "large", bulk), tmp_path / name, MARK, seed)
        folders.append(sorted((tmp_path / name / bulk.folder).rglob("*.bin")))

    contents = [[path.read_bytes() for path in found] for found in folders]
    assert [len(found) for found in folders] == [60, 60, 60]
    assert sum(map(len, contents[0])) == 6_000
    assert contents[0] == contents[1]
    assert contents[0] != contents[2]


def test_the_large_one_is_as_large_as_it_says() -> None:
    bulk = catalog()["large"].bulk

    assert bulk is not None
    assert (bulk.files, bulk.size) == (50_000, 1_000_000_000)
