"""Pulumi's lock on a stack in a shared backend, which names its owner's host and process as a local one does.

Pulumi has no command that shows it, and none that releases one of many: both are done by what there is.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from pulumi.automation.errors import ConcurrentUpdateError, StackAlreadyExistsError

from galley_iac.automation import locks

if TYPE_CHECKING:
    from galley_iac.automation.workspace import Workspace

_PAUSE = 3.0


def owners(workspace: Workspace, stack: str) -> list[locks.Owner]:
    """Who holds the lock on a stack that exists.

    Creating a stack takes the lock before it finds that there is one already, and names who has it.
    """
    try:
        workspace.run("stack", "init", stack, "--no-select")
    except StackAlreadyExistsError:
        return []
    except ConcurrentUpdateError as error:
        return locks.named(str(error))
    return []


def release_dead(
    workspace: Workspace, stack: str, end_checks: Callable[[], None], longest_wait: float
) -> bool:
    """As :func:`locks.release_dead`, but a living owner is waited for first, ``longest_wait`` seconds.

    To be called with the preview held on its engine, so that no other command of ours can be the owner,
    unless it was killed.
    """
    end, told = time.monotonic() + longest_wait, False
    while found := owners(workspace, stack):
        try:
            locks.end_dead(stack, found, end_checks)
        except locks.LockedError as error:
            if time.monotonic() > end:
                raise
            if not told:
                print(f"{str(error).splitlines()[0]}; waiting for it to end ...", file=sys.stderr)
                told = True
            time.sleep(_PAUSE)
            continue
        workspace.run("cancel", "--yes", "--stack", stack)
        return True
    return False
