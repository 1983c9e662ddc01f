"""Has Pulumi remove what a stack has, whatever it is on."""

from __future__ import annotations

from pulumi.automation import EngineEvent
from pulumi.automation.errors import CommandError

from galley_iac.automation import report
from galley_iac.automation.outcome import OnRemoved
from galley_iac.automation.workspace import Workspace
from galley_iac.errors import PreviewError


def destroy(workspace: Workspace, preview: str, notify: OnRemoved) -> None:
    """Destroys the stack's resources; ``notify`` is told of each by name. PreviewError with what stays."""
    stack, state = workspace.stack(preview), workspace.state(preview)
    if not state.resources and not state.pending:
        return
    messages: list[str] = []

    def on_event(event: EngineEvent) -> None:
        if event.res_outputs_event and event.res_outputs_event.metadata.op == "delete":
            notify(event.res_outputs_event.metadata.urn.rpartition("::")[2])
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            messages.append(event.diagnostic_event.message)

    try:
        if state.pending:
            stack.refresh(clear_pending_creates=True)
        stack.destroy(on_event=on_event)
    except CommandError as error:
        said = report.clean("\n".join(messages) or str(error))
        raise PreviewError(f"{preview} could not be removed:\n{said}", "run `galley down` again") from None
