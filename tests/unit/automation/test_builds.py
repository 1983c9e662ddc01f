"""What building leaves in a home: found where the engine has no such image, and removed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from galley_iac import home
from galley_iac.automation import builds
from galley_iac.automation.builds import Remains

GONE, THERE = "galley-shop:0123456789abcdef", "galley-shop:fedcba9876543210"


class Engine:
    """An engine with one image; its API is itself."""

    def __init__(self) -> None:
        self.api = self

    def images(self) -> list[dict[str, Any]]:
        return [{"RepoTags": [THERE]}, {"RepoTags": None}]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    for tag in (GONE, THERE):
        home.build_log(tag).write_text("a log")
        (home.generated_build(tag) / "Dockerfile").write_text("FROM scratch")


def found() -> list[Remains]:
    engine: Any = Engine()
    return builds.of_gone_images(engine)


def test_the_files_of_an_image_that_is_gone() -> None:
    (one,) = found()
    assert (one.tag, one.repository) == (GONE, "galley-shop")
    assert one.size >= len("a log") + len("FROM scratch")


def test_it_is_as_old_as_the_newest_of_them() -> None:
    for path in (folder := home.generated_build(GONE), folder / "Dockerfile", home.build_log(GONE)):
        os.utime(path, (1, 1))
    os.utime(home.build_log(GONE), (7, 7))
    assert [one.since for one in found()] == [7]


def test_other_names_are_not_ours() -> None:
    (home.build_log(GONE).parent / "notes").mkdir()
    assert [one.tag for one in found()] == [GONE]


def test_both_are_removed_and_nothing_else() -> None:
    builds.remove(GONE)
    builds.remove(GONE)
    assert found() == []
    folder = home.build_log(THERE).parent
    assert sorted(path.name for path in folder.iterdir()) == [
        "galley-shop-fedcba9876543210",
        "galley-shop-fedcba9876543210.log",
    ]
