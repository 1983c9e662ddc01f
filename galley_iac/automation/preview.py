"""What an update would do, as Pulumi's engine sees it."""

from __future__ import annotations

from dataclasses import dataclass

import docker
from pulumi.automation import EngineEvent
from pulumi.automation.errors import CommandError

from galley_iac.automation import hold, repair, report
from galley_iac.automation.workspace import Workspace
from galley_iac.errors import GalleyError, PreviewError
from galley_iac.program.main import keeping_errors
from galley_iac.request import Prepared

_WORDS = {"create": "create", "update": "change", "replace": "replace", "delete": "remove"}


@dataclass(frozen=True)
class Step:
    """One resource that would change: ``why`` names the properties that differ."""

    operation: str
    type: str
    name: str
    why: tuple[str, ...] = ()

    def __str__(self) -> str:
        reason = f"  ({', '.join(self.why)})" if self.why else ""
        return f"{self.operation:<8} {self.type:<12} {self.name}{reason}"


def preview(workspace: Workspace, client: docker.DockerClient, prepared: Prepared) -> list[Step]:
    """The steps of an update, none of them taken. A stack that is not there yet is made for the comparison
    only. Raises UsageError when the preview is another's, before its configuration is written.
    """
    name = prepared.plan.name
    with hold.exclusive(client, name):
        repair.refuse_foreign(workspace, client, name, prepared.plan.preview.identity)
        existed = workspace.exists(name)
        workspace.create(name)
        workspace.configure(prepared)
        try:
            return _steps(workspace, prepared)
        finally:
            if not existed:
                workspace.remove(name)


def _steps(workspace: Workspace, prepared: Prepared) -> list[Step]:
    seen = _Seen()
    errors: list[GalleyError] = []
    try:
        program = keeping_errors(prepared, errors)
        workspace.stack(prepared.plan.name).preview(program=program, on_event=seen.event)
    except CommandError as error:
        if errors:
            raise errors[0] from None
        raise PreviewError(report.clean("\n".join(seen.messages) or str(error))) from None
    return seen.steps


class _Seen:
    """The steps and errors of one run of the engine."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.messages: list[str] = []

    def event(self, event: EngineEvent) -> None:
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            self.messages.append(event.diagnostic_event.message)
        step = event.resource_pre_event.metadata if event.resource_pre_event else None
        if step and step.op in _WORDS and not step.type.startswith("pulumi:"):
            kind, name = step.type.rpartition(":")[2], step.urn.rpartition("::")[2]
            self.steps.append(Step(_WORDS[step.op], kind, name, tuple(step.diffs or ())))
