"""One preview belongs to one stack. ``galley up`` calls it by the preview's name; who runs plain ``pulumi``
calls it as he likes, and both may be asked for the same preview.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from galley_iac.automation.backend import local_state, stacks, state_file
from galley_iac.automation.state import State, from_file
from galley_iac.engine.live import Live
from galley_iac.errors import UsageError


def refuse(preview: str, live: Live, state: State) -> None:
    """Refuses what a stack of another name has made. It would pass for leftovers, and be lost to that stack.

    ``state`` is that of the preview's own stack. Only a local backend is asked, and only where something
    lives that the own state does not know: in a shared one that would be a process for each of its stacks.
    """
    local = local_state()
    unknown = live.ids - state.ids - set(live.volumes)
    owner = _owner(local, unknown) if local and unknown else None
    if owner:
        raise UsageError(
            f"{preview} was brought up as the stack {owner}, by plain `pulumi`",
            f"go on with that, or remove it first: `pulumi destroy --stack {owner}`",
        )


def _owner(local: Path, objects: frozenset[str]) -> str | None:
    """The stack that knows any of the objects; a state that is cut short knows none."""
    for stack in stacks(local):
        with contextlib.suppress(ValueError):
            if objects & from_file(state_file(local, stack)).ids:
                return stack
    return None
