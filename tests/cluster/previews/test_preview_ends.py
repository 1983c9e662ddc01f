"""Previews on a cluster that do not end as they should: cut off, killed, forgotten. Nothing is left."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator

import pytest

from tests.cluster.previews.conftest import MakeClusterPreview
from tests.cluster.previews.preview import LONG, ClusterPreview
from tests.integration.conftest import MakeRepository
from tests.integration.harness.command import Running
from tests.integration.harness.repository import Repository
from tests.integration.harness.web import eventually

SLOW = """
    version: 1
    services:
      api:
        kind: api
        image: redis:7-alpine
        start: redis-server --port 6379
        expose: 8000
        depends_on: [cache]
        health: {path: /, timeout: 300s}
      cache: {kind: cache, image: "redis:7-alpine", expose: 6379}
"""
"""The api never answers its check: an update of it goes on for as long as nobody ends it."""

INTERRUPTED = 130


@pytest.fixture(scope="module")
def repository(make_repository: MakeRepository) -> Repository:
    return make_repository(name="kends")


@contextlib.contextmanager
def in_the_middle(preview: ClusterPreview) -> Iterator[Running]:
    """An update that waits for the api's check; afterwards it has ended."""
    preview.repository.manifest(SLOW)
    with preview.background("up", "--target", "kubernetes") as running:
        eventually(lambda: not running.ended and waits(preview), "the api waits for its check", LONG)
        yield running


def waits(preview: ClusterPreview) -> bool:
    if preview.cluster.left(preview.name) == []:
        return False
    return "api" in preview.ids()


def test_ctrl_c_and_then_down(repository: Repository, make_cluster_preview: MakeClusterPreview) -> None:
    """A terminal's Ctrl-C reaches the whole process group."""
    with make_cluster_preview(repository, "cut") as preview:
        with in_the_middle(preview) as running:
            running.signal(signal.SIGINT)
            done = running.wait(LONG)
        assert done.code == INTERRUPTED, done.text
        assert "`galley up` goes on from here" in done.err
        assert preview.galley.processes() == {}
        assert preview.left()


def test_everything_is_killed_and_its_branch_is_gone(
    repository: Repository, make_cluster_preview: MakeClusterPreview
) -> None:
    """As when the machine loses its power while the cluster goes on, and nobody comes back to it but gc."""
    with make_cluster_preview(repository, "killed") as preview:
        with in_the_middle(preview) as running:
            for process in [running.pid, *preview.galley.processes()]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            running.wait(LONG)
        assert collected(preview, "main,killed") == []
        assert preview.left()
        assert collected(preview, "main") == [preview.name]
        assert preview.left() == []


def collected(preview: ClusterPreview, branches: str) -> list[str]:
    """The previews that gc has removed, when these are the branches that there are."""
    words = ("gc", "--project", preview.repository.project, "--branches", branches, "--yes", "--json")
    done = preview.galley(*words, at=preview.repository.path, timeout=LONG)
    assert done.code == 0, done.text
    return [one["name"] for one in done.json["garbage"] if one["sort"] == "preview"]
