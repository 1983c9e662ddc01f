"""Finds what may go: previews, objects that no stack knows, images that nobody uses, and what commands that
are over have left. Removes nothing.

What it did not make is none of its business. A preview counts as made by the command where its stack carries
the identity that ``up`` notes, or where this home has a claim on it; objects without a stack only by a claim;
an image by its label and its name together; a hold by the process that made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import docker

from galley_iac import duration
from galley_iac.automation import builds, claims, hold, records
from galley_iac.automation.backend import local_state
from galley_iac.automation.records import Record
from galley_iac.engine import images
from galley_iac.engine.live import Live, observe_all
from galley_iac.life import garbage
from galley_iac.life.garbage import Cause, Reason, Repository
from galley_iac.life.room import size_text
from galley_iac.plan.images import repository_of

KEEP_IMAGES = duration.DAY


class Sort(StrEnum):
    """What a piece of garbage is."""

    PREVIEW = "preview"
    OBJECTS = "objects"
    IMAGE = "image"
    BUILD = "build"
    HOLD = "hold"


@dataclass(frozen=True)
class Scope:
    """Where to look. ``repository`` says which branches and pull requests there are; ``project`` is the only
    project, empty for all; ``keep_images`` is for how many seconds an unused image stays, None leaves images
    alone.
    """

    repository: Repository | None = None
    project: str = ""
    keep_images: float | None = None


@dataclass(frozen=True)
class Amount:
    """How much it is; ``size`` is what volumes or an image take, in bytes."""

    containers: int = 0
    networks: int = 0
    volumes: int = 0
    size: int = 0

    def __str__(self) -> str:
        counted = ((self.containers, "container"), (self.networks, "network"), (self.volumes, "volume"))
        parts = [f"{count} {what}{'s' if count > 1 else ''}" for count, what in counted if count]
        parts += [size_text(self.size)] if self.size else []
        return ", ".join(parts) or "nothing on this engine"


@dataclass(frozen=True)
class Garbage:
    """One thing that may go, why, and how much it is."""

    sort: Sort
    name: str
    reason: Reason
    amount: Amount


@dataclass(frozen=True)
class Survey:
    """``garbage`` may go; ``left`` says of what looks like garbage why it is left alone."""

    garbage: tuple[Garbage, ...]
    left: tuple[str, ...]


def survey(client: docker.DockerClient, scope: Scope, now: float) -> Survey:
    """Looks at every stack of the backend and every labelled object of the engine; ``now`` in seconds."""
    found, left = _previews(client, scope, now)
    dead, others = _holds(client, scope, now)
    unused = (*_images(client, scope, now), *_builds(client, scope, now))
    return Survey((*found, *dead, *unused), (*left, *others))


def _previews(client: docker.DockerClient, scope: Scope, now: float) -> tuple[list[Garbage], list[str]]:
    known = {one.name: one for one in records.records()}
    lives = observe_all(client)
    sizes = _volume_sizes(client)
    found: list[Garbage] = []
    left: list[str] = []
    for name in sorted(known.keys() | lives.keys()):
        one, live = known.get(name), lives.get(name, Live())
        reason = reason_for(one, scope, now) if _in_scope(one, live, scope) else None
        if reason is None:
            continue
        if is_ours(name, one):
            sort = Sort.PREVIEW if one else Sort.OBJECTS
            found.append(Garbage(sort, name, reason, _amount(live, sizes)))
        else:
            left.append(
                f"{name}: {reason.words}, but it was not made from here (`galley down --name {name}`)"
            )
    return found, left


def reason_for(one: Record | None, scope: Scope, now: float) -> Reason | None:
    """Why a preview may go; one without a stack always may, if it is ours."""
    if one is None:
        return Reason(Cause.NO_STACK, "it has no stack in this backend")
    return garbage.reason(one.known(), scope.repository, now)


def is_ours(name: str, one: Record | None) -> bool:
    """Whether the command made it, or from this home."""
    return (one is not None and one.is_ours) or claims.is_claimed(name)


def _in_scope(one: Record | None, live: Live, scope: Scope) -> bool:
    project = (one.project if one else "") or live.project
    return scope.project in ("", project)


def _amount(live: Live, sizes: Mapping[str, int]) -> Amount:
    size = sum(sizes.get(volume, 0) for volume in live.volumes)
    return Amount(len(live.containers), len(live.networks), len(live.volumes), size)


def _volume_sizes(client: docker.DockerClient) -> dict[str, int]:
    volumes = client.api.df()["Volumes"] or ()
    return {one["Name"]: max((one.get("UsageData") or {}).get("Size", 0), 0) for one in volumes}


def _images(client: docker.DockerClient, scope: Scope, now: float) -> Iterator[Garbage]:
    """While a command works on a preview of the project, it may be about to use an image that nobody uses."""
    if scope.keep_images is None:
        return
    busy = {claim.project for claim in claims.in_flight().values()}
    for image in images.unused(client):
        old = now - image.since >= scope.keep_images
        if old and image.project not in busy and scope.project in ("", image.project):
            words = f"no container uses it (built {duration.text(now - image.since)} ago)"
            yield Garbage(Sort.IMAGE, image.tag, Reason(Cause.UNUSED, words), Amount(size=image.size))


def _builds(client: docker.DockerClient, scope: Scope, now: float) -> Iterator[Garbage]:
    """As long as an image of theirs would stay: the log of a build that failed is there to be read."""
    if scope.keep_images is None:
        return
    busy = {repository_of(claim.project) for claim in claims.in_flight().values()}
    wanted = repository_of(scope.project) if scope.project else ""
    for remains in builds.of_gone_images(client):
        old = now - remains.since >= scope.keep_images
        if old and remains.repository not in busy and wanted in ("", remains.repository):
            words = f"the engine has no such image (built {duration.text(now - remains.since)} ago)"
            yield Garbage(Sort.BUILD, remains.tag, Reason(Cause.NO_IMAGE, words), Amount(size=remains.size))


def _holds(client: docker.DockerClient, scope: Scope, now: float) -> tuple[list[Garbage], list[str]]:
    """Of a process elsewhere nobody can tell whether it lives, only that it takes longer than anybody waits.

    A hold names no project. With a local backend there is none.
    """
    found: list[Garbage] = []
    left: list[str] = []
    looked = local_state() is None and not scope.project
    for preview, holder in sorted(hold.held(client).items()) if looked else ():
        if holder.is_dead:
            words = f"process {holder.process} of this host held it, and has ended"
            found.append(Garbage(Sort.HOLD, preview, Reason(Cause.OWNER_DEAD, words), Amount(volumes=1)))
        elif now - holder.begun > hold.longest_wait():
            release = f"`docker volume rm {hold.volume(preview)}` releases it if that is dead"
            left.append(f"{hold.words(preview, holder)}; {release}")
    return found, left
