"""One run of Pulumi over a preview's program, whatever the target."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pulumi.automation import EngineEvent
from pulumi.automation.errors import CommandError

from galley_iac.automation.outcome import OnProgress
from galley_iac.automation.progress import Progress
from galley_iac.automation.workspace import Workspace
from galley_iac.errors import GalleyError
from galley_iac.handover import Handover
from galley_iac.program.main import keeping_errors
from galley_iac.request import Prepared


def attempt(
    workspace: Workspace,
    prepared: Prepared,
    progress: Progress,
    notify: OnProgress,
    *,
    refresh: bool,
    replace: Sequence[str] | None = None,
) -> str | None:
    """None when the update went through, else what the engine said. Raises what the program itself raised.

    ``replace`` are patterns of the URNs of what is to be made anew.
    """
    errors: list[GalleyError] = []
    try:
        with Handover() as handover:
            workspace.stack(prepared.plan.name).up(
                program=keeping_errors(prepared, errors, handover),
                on_event=_telling(progress, notify),
                refresh=refresh or None,
                replace=list(replace) if replace else None,
            )
    except CommandError as error:
        if errors:
            raise errors[0] from None
        return "\n".join(progress.messages) or str(error)
    return None


def _telling(progress: Progress, notify: OnProgress) -> Callable[[EngineEvent], None]:
    """What is called with each of the engine's events."""

    def on_event(event: EngineEvent) -> None:
        moved = progress.feed(event)
        if moved:
            notify(progress, moved)

    return on_event
