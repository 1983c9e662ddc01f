"""An update that would change nothing, told without Pulumi's engine (docs/noop.md)."""

from __future__ import annotations

import contextlib
import sys
import time
from dataclasses import dataclass, field

import docker

from galley_iac import timing
from galley_iac.automation import claims, tags
from galley_iac.automation.notes import changes
from galley_iac.automation.outcome import OnProgress, Updated
from galley_iac.automation.progress import Phase, Progress
from galley_iac.automation.proof import Proof, can_be_proven, is_complete, proof
from galley_iac.automation.settle import is_settled, of_plan
from galley_iac.engine.live import Live, observe
from galley_iac.engine.status import preview_status
from galley_iac.life import room
from galley_iac.request import Prepared
from galley_iac.source.repository import Commit, commit_of


@dataclass(frozen=True)
class Verdict:
    """What there is of the preview beside what its last update left: ``unchanged``, all of it, and well; or
    ``drifted``: objects are other than they were left, which only a refresh notices.
    """

    live: Live = field(default_factory=Live)
    unchanged: bool = False
    drifted: bool = False


def judge(client: docker.DockerClient, prepared: Prepared) -> Verdict:
    """To be called with the preview held. What cannot be told is neither, and what fails on the way is left
    to the engine's update to say.
    """
    if not can_be_proven(prepared):
        return Verdict()
    with contextlib.suppress(docker.errors.DockerException, OSError):
        plan = prepared.plan
        noted = Proof.parse(tags.read(plan.name).get(tags.PROOF, ""))
        live = observe(client, plan.name) if noted else Live()
        now = proof(client, prepared, live) if noted else None
        if noted and now:
            same = noted == now and is_complete(client, plan.images) and is_settled(of_plan(plan), live)
            return Verdict(live, same, _has_drifted(client, prepared, noted, now))
    return Verdict()


def _has_drifted(client: docker.DockerClient, prepared: Prepared, noted: Proof, now: Proof) -> bool:
    """A built image that is gone counts too; a pulled one may well be another by now."""
    if noted.objects != now.objects:
        return True
    return noted.inputs == now.inputs and not is_complete(client, prepared.plan.built_images)


def accept(prepared: Prepared, live: Live, notify: OnProgress, commit: Commit | None) -> Updated:
    """What an update does beside changing anything: the room is claimed, the commit and the time of the
    activity are noted, every row is shown.
    """
    plan = prepared.plan
    try:
        claims.claim(plan.name, plan.preview.identity.project, room.whole(plan))
        noted = changes(prepared, commit or commit_of(prepared.source.root))
        tags.write(plan.name, {**noted, tags.ACTIVITY: timing.stamp(time.time())})
    except OSError as error:
        print(f"warning: the update could not be noted: {error}", file=sys.stderr)
    progress = Progress(plan)
    for row in progress.rows.values():
        row.phase = Phase.UNCHANGED
    notify(progress, set(progress.rows))
    return Updated(preview_status(plan.name, live), 0, progress)


def remember(client: docker.DockerClient, prepared: Prepared) -> None:
    """After an update that has gone through: notes what it came to. Without the note the next one is slower,
    so that it fails is no reason for the update to fail.
    """
    plan = prepared.plan
    if not can_be_proven(prepared):
        return
    with contextlib.suppress(docker.errors.DockerException, OSError):
        found = proof(client, prepared, observe(client, plan.name))
        if found:
            tags.write(plan.name, {tags.PROOF: str(found)})
