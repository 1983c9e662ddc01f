"""A preview belongs to one branch of one repository; another that would have its name is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.conftest import MakePreview
from tests.integration.harness import repository
from tests.integration.harness.repository import APPS, Repository

MANIFEST = """
    version: 1
    services:
      worker:
        kind: worker
        build: {path: ./}
"""


@pytest.fixture
def two(tmp_path: Path, session: str) -> tuple[Repository, Repository]:
    """Two repositories of one name, of different owners."""
    made = []
    for owner in ("one", "two"):
        (tmp_path / owner).mkdir()
        made.append(repository.create(tmp_path / owner / f"shop-{session}", APPS / "small"))
        made[-1].manifest(MANIFEST).git(
            "remote", "add", "origin", f"https://forge.test/{owner}/shop-{session}.git"
        )
    return made[0], made[1]


def test_another_repository_of_the_same_name_is_refused_and_touches_nothing(
    two: tuple[Repository, Repository], make_preview: MakePreview
) -> None:
    mine, theirs = two
    with make_preview(mine) as preview:
        preview.up()
        before = preview.ids()
        for verb in ("up", "down", "preview"):
            done = preview.galley(verb, at=theirs.path)
            assert done.code == 2, (verb, done.text)
            assert preview.name in done.err
            assert "--project" in done.err
        assert preview.ids() == before
        assert "nothing to change" in preview.up().err

        renamed = preview.galley("up", "--project", f"theirs-{theirs.project}", at=theirs.path)
        assert renamed.code == 0, renamed.text
        assert preview.ids() == before
        assert preview.galley("down", "--project", f"theirs-{theirs.project}", at=theirs.path).code == 0
    with make_preview(theirs) as freed:
        freed.up()
