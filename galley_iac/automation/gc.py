"""Removes what the survey has found, each only if it may still go when its turn comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

import docker

from galley_iac.automation import builds, hold, locks, records
from galley_iac.automation.down import remove
from galley_iac.automation.interrupt import Interruptible
from galley_iac.automation.survey import Garbage, Scope, Sort, reason_for
from galley_iac.automation.workspace import Workspace
from galley_iac.engine import images
from galley_iac.errors import GalleyError


class Outcome(StrEnum):
    """What became of a piece of garbage."""

    REMOVED = "removed"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class Collected:
    """One piece of garbage, what became of it, and why it was not removed where it was not."""

    garbage: Garbage
    outcome: Outcome
    why: str = ""


def collect(
    workspace: Workspace,
    client: docker.DockerClient,
    found: Iterable[Garbage],
    scope: Scope,
    notify: Callable[[Collected], None],
) -> list[Collected]:
    """Removes one after the other; what fails does not keep the rest. ``scope`` is the survey's.

    A preview that is in use, or has been used since the survey, is skipped.
    """
    done = []
    for garbage in found:
        done.append(_remove(workspace, client, garbage, scope))
        notify(done[-1])
    return done


def _remove(workspace: Workspace, client: docker.DockerClient, garbage: Garbage, scope: Scope) -> Collected:
    match garbage.sort:
        case Sort.IMAGE:
            return _image(client, garbage)
        case Sort.BUILD:
            builds.remove(garbage.name)
            return Collected(garbage, Outcome.REMOVED)
        case Sort.HOLD:
            return _hold(client, garbage)
        case _:
            return _preview(workspace, client, garbage, scope)


def _image(client: docker.DockerClient, garbage: Garbage) -> Collected:
    """With what its build has left; nobody will ask for that any more."""
    if not images.remove(client, garbage.name):
        return Collected(garbage, Outcome.SKIPPED, "it is in use by now")
    builds.remove(garbage.name)
    return Collected(garbage, Outcome.REMOVED)


def _hold(client: docker.DockerClient, garbage: Garbage) -> Collected:
    if hold.release_dead(client, garbage.name):
        return Collected(garbage, Outcome.REMOVED)
    return Collected(garbage, Outcome.SKIPPED, "it has been taken over since")


def _preview(workspace: Workspace, client: docker.DockerClient, garbage: Garbage, scope: Scope) -> Collected:
    name = garbage.name
    try:
        with hold.exclusive(client, name, wait=False), Interruptible(workspace.command, client, name):
            if not _still(garbage, scope):
                return Collected(garbage, Outcome.SKIPPED, "it has been used since")
            remove(workspace, client, name, lambda _service: None)
    except locks.InUseError:
        return Collected(garbage, Outcome.SKIPPED, "a command is working on it")
    except GalleyError as error:
        return Collected(garbage, Outcome.FAILED, str(error))
    return Collected(garbage, Outcome.REMOVED)


def _still(garbage: Garbage, scope: Scope) -> bool:
    """Asked with the preview held: an update may have come in between, or somebody has pinned it."""
    one = records.record(garbage.name)
    if one is None:
        return garbage.sort is Sort.OBJECTS
    return garbage.sort is Sort.PREVIEW and reason_for(one, scope, time.time()) is not None
