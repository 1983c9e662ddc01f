"""What an update did, service by service: from Pulumi's events to the manifest's words."""

from __future__ import annotations

from galley_iac.automation.progress import Progress
from galley_iac.cli.pipeline import lines
from galley_iac.engine.status import PreviewStatus, ServiceStatus
from galley_iac.forge.comment import ServiceLine
from tests.unit.automation.events import begun, ended, failed
from tests.unit.automation.test_progress import fed


def by_name(progress: Progress) -> dict[str, ServiceLine]:
    return {line.service: line for line in lines.of_progress(progress)}


def updated() -> Progress:
    return fed(
        begun("container", "web", "delete-replaced"),
        ended("container", "web", "delete-replaced"),
        begun("container", "web", "replace", ["envs", "image"]),
        begun("container", "web", "create-replacement", ["envs", "image", "envs[1]"]),
        begun("container", "api", "update", ["memory"]),
        begun("container", "db"),
        begun("container", "db.ready", "create-replacement", ["command"]),
        failed("container", "db.ready"),
    )


def test_each_service_and_which_fields_of_it() -> None:
    found = by_name(updated())
    assert (found["web"].change, found["web"].fields) == ("replaced", ("env", "image"))
    assert (found["api"].change, found["api"].fields) == ("updated", ("resources.memory",))
    assert (found["db"].change, found["db"].fields, found["db"].state) == ("new", (), "failed")
    assert (found["migrate"].change, found["migrate"].state) == ("kept", "pending")


def test_a_build_s_output_is_not_taken_for_a_field() -> None:
    progress = updated()
    progress.rows["web"].why = "#5 RUN pip install"
    assert by_name(progress)["web"].fields == ("env", "image")


def test_a_preview_that_runs() -> None:
    status = PreviewStatus(
        "pr-12-shop", "shop", "", 12, (ServiceStatus("web", "web", "ready", url="http://x"),)
    )
    assert lines.of_status(status, updated()) == (
        ServiceLine("web", "ready", "replaced", ("env", "image"), "http://x"),
    )
    assert lines.of_status(status) == (ServiceLine("web", "ready", url="http://x"),)
    assert lines.of_progress(None) == ()
