"""Images are named by content: built once for all branches, and never taken from under another preview."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.engine import Engine
from tests.integration.harness.preview import Preview

MANIFEST = """
    version: 1
    services:
      worker:
        kind: worker
        build: {path: ./}
"""


@pytest.fixture
def first(make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:
    with make_preview(make_repository().manifest(MANIFEST)) as preview:
        preview.up()
        yield preview


def tags(engine: Engine, project: str) -> set[str]:
    """Every image that was built for a project."""
    found = engine.client.api.images(filters={"reference": f"galley-{project}"})
    return {tag for image in found for tag in image["RepoTags"] or ()}


def logs(preview: Preview) -> dict[str, int]:
    """Every build of the project, and when it last wrote."""
    folder = preview.galley.home / "builds"
    found = (path for path in folder.glob("*.log") if preview.repository.project in path.name)
    return {path.name: path.stat().st_mtime_ns for path in found}


def test_the_same_content_is_built_once_for_all_branches(first: Preview, make_preview: MakePreview) -> None:
    project, built = first.repository.project, logs(first)
    assert len(built) == 1
    with make_preview(first.repository, "second") as second:
        told = second.up().err
        assert "building" not in told
        assert logs(second) == built
        assert second.inspect("worker")["Image"] == first.inspect("worker")["Image"]
        assert len(tags(first.engine, project)) == 1

        first.repository.replace("server.py", '"one"', '"two"')
        assert "worker: building" in second.up().err
        assert len(logs(second)) == 2
        assert second.inspect("worker")["Image"] != first.inspect("worker")["Image"]


def test_down_takes_no_image_that_another_preview_uses(first: Preview, make_preview: MakePreview) -> None:
    image = first.inspect("worker")["Image"]
    with make_preview(first.repository, "second") as second:
        second.up()
    assert first.engine.client.images.get(image).id == image
    assert first.inspect("worker")["State"]["Status"] == "running"
    assert first.run("down").code == 0
    assert len(tags(first.engine, first.repository.project)) == 1, "it stays until it is collected"
    assert "building" not in first.up().err


def test_an_image_that_somebody_removed_is_built_again(first: Preview) -> None:
    assert first.run("down").code == 0
    (tag,) = tags(first.engine, first.repository.project)
    first.engine.client.api.remove_image(tag, force=True)
    assert "worker: building" in first.up().err
    assert tags(first.engine, first.repository.project) == {tag}


def test_rebuild_builds_anew_what_is_known(first: Preview) -> None:
    project, before = first.repository.project, first.inspect("worker")
    assert "worker: building" in first.up("--rebuild").err
    rebuilt = first.inspect("worker")
    assert rebuilt["Image"] != before["Image"]
    assert rebuilt["Id"] != before["Id"]
    assert len(tags(first.engine, project)) == 1, "its name is still that of its content"
    assert "nothing to change" in first.up().err
