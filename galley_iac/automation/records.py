"""What is known of every preview's stack, from its tags and the time of its last update."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from galley_iac import duration, timing
from galley_iac.automation import backend, state, tags
from galley_iac.automation.configuration import (
    config_file,
    is_preview,
    own_settings,
    project_settings,
    project_stack,
)
from galley_iac.life.garbage import Known
from galley_iac.life.lease import DEFAULT_TTL, Lease
from galley_iac.plan.identity import Identity

_AT_ONCE = 8
"""Processes that read tags from a shared backend at the same time."""


@dataclass(frozen=True)
class Asleep:
    """Since when a preview sleeps (seconds since the epoch), and why; no reason where a person said so."""

    since: float
    why: str = ""


@dataclass(frozen=True)
class Record:
    """One preview's stack. Times are seconds since the epoch; ``updated`` is None before the first update."""

    name: str
    tags: Mapping[str, str] = field(default_factory=dict)
    updated: float | None = None
    owner: Identity | None = None
    """From the stack's outputs, where the tag does not say it."""
    ttl: float = DEFAULT_TTL

    @property
    def is_ours(self) -> bool:
        """Whether the command made it, and not a person with plain ``pulumi``."""
        return tags.IDENTITY in self.tags

    @property
    def identity(self) -> Identity | None:
        """Whose it is; None where nothing says so."""
        with contextlib.suppress(KeyError, ValueError, TypeError):
            return Identity(**json.loads(self.tags[tags.IDENTITY]))
        return self.owner

    @property
    def project(self) -> str:
        """The project; empty where nothing says so."""
        return self.identity.project if self.identity else ""

    @property
    def pinned(self) -> bool:
        """Whether nothing removes it, or puts it to sleep, by itself."""
        return tags.PINNED in self.tags

    @property
    def asleep(self) -> Asleep | None:
        """None where it was not put to sleep."""
        since, _, why = self.tags.get(tags.ASLEEP, "").partition(" ")
        moment = _moment(since)
        return None if moment is None else Asleep(moment, why)

    @property
    def activity(self) -> float | None:
        """When it was last brought up or woken."""
        known = (self.updated, _moment(self.tags.get(tags.ACTIVITY, "")))
        return max((moment for moment in known if moment is not None), default=None)

    @property
    def lease(self) -> Lease:
        """Until when it may stay."""
        return Lease(self.activity, self.ttl, _moment(self.tags.get(tags.UNTIL, "")), self.pinned)

    def known(self) -> Known:
        """The same as the rules of the garbage collection want it."""
        return Known(self.name, self.identity, self.lease)


def record(stack: str) -> Record | None:
    """One preview's; None where there is no such stack."""
    local = backend.local_state()
    if local is not None:
        found = _from_files(local, stack) if backend.state_file(local, stack).is_file() else None
    else:
        from galley_iac.automation.workspace import Workspace

        updates = Workspace().updates()
        found = Record(stack, tags.read(stack), _seconds(updates[stack])) if stack in updates else None
    return _with_ttl([found])[0] if found else None


def records() -> list[Record]:
    """Every preview's, by name; a stack that only holds settings is none."""
    local = backend.local_state()
    if local is not None:
        return _with_ttl([_from_files(local, name) for name in backend.stacks(local) if is_preview(name)])
    from galley_iac.automation.workspace import Workspace

    workspace = Workspace()
    updates = {name: moment for name, moment in sorted(workspace.updates().items()) if is_preview(name)}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = list(pool.map(lambda name: Workspace().tags(name), updates))
    return _with_ttl(
        [Record(name, own, _seconds(updates[name])) for name, own in zip(updates, found, strict=True)]
    )


def _from_files(local: Path, stack: str) -> Record:
    known = state.of_stack(local, stack)
    return Record(stack, tags.from_file(backend.tags_file(local, stack)), known.updated, known.owner)


def _with_ttl(found: Sequence[Record]) -> list[Record]:
    """What this home has set for the preview or its project, else what its last update noted, else a week."""
    projects = {one.project: config_file(project_stack(one.project)) for one in found}
    settings = {name: project_settings(file) for name, file in projects.items()}
    return [replace(one, ttl=_ttl(one, settings[one.project])) for one in found]


def _ttl(found: Record, project: Mapping[str, str]) -> float:
    own = own_settings(config_file(found.name))
    texts = (own.get(tags.TTL_SETTING), project.get(tags.TTL_SETTING), found.tags.get(tags.TTL))
    seconds = (duration.parse(text) for text in texts if text)
    return next((one for one in seconds if one is not None), DEFAULT_TTL)


def _moment(text: str) -> float | None:
    with contextlib.suppress(ValueError):
        return timing.seconds(text)
    return None


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None
