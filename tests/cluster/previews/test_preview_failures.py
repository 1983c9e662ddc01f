"""What does not come up on a cluster: its reason, its last words, what waited for it, and soon."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.previews.conftest import MakeClusterPreview
from tests.cluster.previews.preview import ClusterPreview
from tests.integration.conftest import MakeRepository

HUNGRY = "python3 -c 'print(1, flush=True); x = bytearray(1 << 30); print(len(x))'"
MANIFEST = """
    version: 1
    services:
      api: {kind: api, build: {path: ./}, expose: 8000, health: {path: /, timeout: 60s}}
      worker:
        kind: worker
        build: {path: ./, start: "%(start)s"}
        depends_on: [job]
        resources: {memory: 64m}
      job: {kind: worker, restart: never, build: {path: ./, start: "%(job)s"}}
"""
RIGHT = {"start": "sleep 1000", "job": "true"}
_SHORT = 300
"""Seconds; Pulumi itself would wait for ten minutes."""


@pytest.fixture(scope="module")
def preview(
    make_repository: MakeRepository, make_cluster_preview: MakeClusterPreview
) -> Iterator[ClusterPreview]:
    """One preview that every test breaks in its own way, as a person would."""
    with make_cluster_preview(make_repository(name="kbroken")) as made:
        yield made


def fails(preview: ClusterPreview, **wrong: str) -> str:
    preview.repository.manifest(MANIFEST % {**RIGHT, **wrong})
    done = preview.fails()
    assert done.seconds < _SHORT
    return done.err


def test_a_job_that_fails_holds_back_what_waits_for_it(preview: ClusterPreview) -> None:
    said = fails(preview, job="echo no such table; exit 3")
    assert "job: exited with code 3\n    | no such table\n" in said
    assert "worker: waited for job" in said
    assert "worker" not in preview.ids()


def test_it_runs_again_and_what_waited_comes_up(preview: ClusterPreview) -> None:
    preview.repository.manifest(MANIFEST % RIGHT)
    preview.up()
    assert preview.states() == {"api": "ready", "job": "done", "worker": "running"}


def test_a_crash_is_told_with_its_reason(preview: ClusterPreview) -> None:
    said = fails(preview, start=HUNGRY.replace('"', '\\"'))
    assert "worker: CrashLoopBackOff: it exited with code 137 (OOMKilled, out of memory" in said
    assert "    | 1\n" in said


def test_a_command_that_is_not_there(preview: ClusterPreview) -> None:
    said = fails(preview, start="nosuchcommand --now")
    assert 'exec: "nosuchcommand": executable file not found in $PATH' in said
    assert "the start command does not exist in the image: check `start`" in said
