"""One-shot jobs: what depends on them waits, a failure is told and tried again, a success is not repeated."""

from __future__ import annotations

from tests.integration.conftest import MakePreview
from tests.integration.harness.preview import Preview
from tests.integration.harness.repository import Repository

MANIFEST = """
    version: 1
    services:
      api:
        kind: api
        build: {path: ./}
        expose: 8000
        depends_on: [migrate]
        health: {path: /healthz, timeout: 20s}
      aside:
        kind: worker
        build: {path: ./}
      migrate:
        kind: worker
        restart: never
        build: {path: ./, start: "echo applying $REVISION && echo table users is locked && exit 3"}
        env: {REVISION: "0001"}
"""
BROKEN = "echo table users is locked && exit 3"
MENDED = "echo applied"


def run_of(preview: Preview) -> str:
    """Which run the job's container is."""
    return preview.ids()["migrate"]


def test_a_failed_job_is_told_holds_others_back_and_runs_again(
    small: Repository, make_preview: MakePreview
) -> None:
    with make_preview(small.manifest(MANIFEST)) as preview:
        told = preview.fails().err
        assert "migrate: exited with code 3" in told
        assert "| applying 0001" in told
        assert "| table users is locked" in told
        assert "api: waited for migrate" in told
        assert "aside: waited" not in told
        assert "the next `galley up` runs it again" in told
        assert preview.states()["migrate"] == "failed"
        assert "api" not in preview.ids()
        assert "aside" in preview.ids(), "what does not depend on the job is not held back"
        first = run_of(preview)

        assert "migrate: exited with code 3" in preview.fails().err
        assert run_of(preview) != first, "it has run again although nothing had changed"
        assert "api" not in preview.ids()

        small.replace("galley.yaml", BROKEN, MENDED)
        preview.up()
        assert preview.states() == {"aside": "running", "api": "ready", "migrate": "done"}


def test_a_job_that_succeeded_runs_again_only_when_it_changes(
    small: Repository, make_preview: MakePreview
) -> None:
    small.manifest(MANIFEST).replace("galley.yaml", BROKEN, MENDED)
    with make_preview(small) as preview:
        preview.up()
        first = run_of(preview)
        assert "nothing to change" in preview.up().err
        assert run_of(preview) == first

        small.replace("galley.yaml", 'REVISION: "0001"', 'REVISION: "0002"')
        preview.up()
        second = run_of(preview)
        assert second != first
        assert "applying 0002" in preview.run("logs", "migrate").out

        small.replace("server.py", 'VERSION = "one"', 'VERSION = "two"')
        preview.up()
        assert run_of(preview) != second, "its image has changed"


def test_a_job_that_fails_after_a_success_holds_changed_services_back(
    small: Repository, make_preview: MakePreview
) -> None:
    """The old version goes on answering until the migration has gone through."""
    small.manifest(MANIFEST).replace("galley.yaml", BROKEN, MENDED)
    with make_preview(small) as preview:
        preview.up()
        before = preview.ids()["api"]
        small.replace("galley.yaml", MENDED, BROKEN).replace("server.py", '"one"', '"two"')
        assert "api: waited for migrate" in preview.fails().err
        assert preview.ids()["api"] == before
        assert preview.ask("api").json == {"version": "one"}
        small.replace("galley.yaml", BROKEN, MENDED)
        preview.up()
        assert preview.ask("api").json == {"version": "two"}
