"""What an update would do, as Pulumi's engine sees it."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi.automation import EngineEvent
from pulumi.automation.errors import CommandError

from galley_iac.automation import locks, report
from galley_iac.automation.workspace import Workspace
from galley_iac.errors import GalleyError, PreviewError
from galley_iac.program.main import run
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


def preview(workspace: Workspace, prepared: Prepared) -> list[Step]:
    """The steps of an update, none of them taken. A stack that is not there yet is made for the comparison only."""
    name = prepared.plan.name
    with locks.exclusive(name):
        existed = workspace.exists(name)
        workspace.create(name)
        workspace.configure(name, prepared.request, prepared.source.path)
        try:
            return _steps(workspace, prepared)
        finally:
            if not existed:
                workspace.remove(name)


def _steps(workspace: Workspace, prepared: Prepared) -> list[Step]:
    steps: list[Step] = []
    messages: list[str] = []
    errors: list[GalleyError] = []

    def program() -> None:
        try:
            run(prepared)
        except GalleyError as error:
            errors.append(error)
            raise

    def on_event(event: EngineEvent) -> None:
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            messages.append(event.diagnostic_event.message)
        if event.resource_pre_event:
            step = event.resource_pre_event.metadata
            if step.op in _WORDS and not step.type.startswith("pulumi:"):
                kind, name = step.type.rpartition(":")[2], step.urn.rpartition("::")[2]
                steps.append(Step(_WORDS[step.op], kind, name, tuple(step.diffs or ())))

    try:
        workspace.stack(prepared.plan.name).preview(program=program, on_event=on_event)
    except CommandError as error:
        if errors:
            raise errors[0] from None
        raise PreviewError(report.clean("\n".join(messages) or str(error))) from None
    return steps
