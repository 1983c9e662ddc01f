"""Sees to it that a preview is not started where there is no room for it (docs/life.md)."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import docker

from galley_iac import duration
from galley_iac.automation import claims, locks, records
from galley_iac.automation.configuration import config_file, own_settings, project_settings, project_stack
from galley_iac.automation.interrupt import Interruptible
from galley_iac.automation.outcome import OnQueued
from galley_iac.automation.sleep import sleep
from galley_iac.automation.workspace import Workspace
from galley_iac.engine import facts, usage
from galley_iac.engine.live import Live, observe_all
from galley_iac.errors import MachineError
from galley_iac.life import room
from galley_iac.life.room import Decision, Need, Size, Sort, Tenant
from galley_iac.plan.policy import FullHost, Policy
from galley_iac.plan.settings import make_settings
from galley_iac.request import Prepared

_PAUSE = 1.0


@dataclass(frozen=True)
class Applicant:
    """A preview that asks for room: ``whole`` while it comes up, ``lasting`` from then on."""

    name: str
    project: str
    whole: Size
    lasting: Size
    pool: str
    policy: Policy


def of_plan(prepared: Prepared) -> Applicant:
    """What is to be brought up."""
    plan, settings = prepared.plan, prepared.settings
    project = plan.preview.identity.project
    return Applicant(
        plan.name, project, room.whole(plan), room.lasting(plan), settings.subnet_pool, settings.policy
    )


def of_live(preview: str, live: Live) -> Applicant:
    """What is to be woken, by what is set here for it and its project."""
    project = live.project
    texts = {**project_settings(config_file(project_stack(project))), **own_settings(config_file(preview))}
    settings = make_settings(texts, {}, frozenset())
    size = usage.lasting(live)
    return Applicant(preview, project, size, size, settings.subnet_pool, settings.policy)


def admit(
    workspace: Workspace,
    client: docker.DockerClient,
    applicant: Applicant,
    live: Live,
    guard: Interruptible,
    queued: OnQueued = lambda _why: None,
) -> tuple[str, ...]:
    """Returns when there is room, and holds it until the command ends; what was done for it, in words.

    To be called with the preview held by :func:`hold.exclusive`; ``live`` is what there is of it. What is
    awake and does not grow is never refused. Raises MachineError with everything that there is too little of.
    """
    claims.claim(applicant.name, applicant.project, Size())
    if live.awake and usage.lasting(live).covers(applicant.lasting):
        claims.claim(applicant.name, applicant.project, applicant.whole)
        return ()
    asking = _Asking(workspace, client, applicant, live, queued)
    end = time.monotonic() + applicant.policy.queue_timeout
    while not asking.succeeds():
        asking.wait_or_refuse(end, guard)
    asking.tell("")
    return tuple(asking.done)


class _Asking:
    """One preview's asking for room, as often as it takes."""

    def __init__(
        self,
        workspace: Workspace,
        client: docker.DockerClient,
        applicant: Applicant,
        live: Live,
        queued: OnQueued,
    ) -> None:
        self._workspace, self._client, self._queued = workspace, client, queued
        self._applicant, self._live = applicant, live
        self._busy: set[str] = set()
        self._decision = Decision()
        self._why = ""
        self.done: list[str] = []

    def succeeds(self) -> bool:
        """Whether there is room; then it is ours. Puts to sleep whom the policy says.

        All of it in one piece: who asks at the same moment sees either nothing of this or all of it.
        """
        applicant = self._applicant
        with claims.admission():
            self._decision = self._decide()
            while self._decision.sleepers:
                self._put_to_sleep(self._decision.sleepers[0])
                self._decision = self._decide()
            if self._decision.lacks:
                return False
            claims.claim(applicant.name, applicant.project, applicant.whole)
            return True

    def wait_or_refuse(self, end: float, guard: Interruptible) -> None:
        """Waits a moment where the policy is to queue and its time is not over; else raises MachineError."""
        policy = self._applicant.policy
        waits = policy.full is FullHost.QUEUE and not self._decision.hopeless
        if not waits or time.monotonic() >= end:
            raise _refusal(self._applicant, self._decision, waited=waits)
        words = "; ".join(lack.words for lack in self._decision.lacks)
        self.tell(f"for {duration.text(policy.queue_timeout)} at most: {words}")
        time.sleep(_PAUSE)
        if guard.interrupted:
            raise KeyboardInterrupt

    def tell(self, why: str) -> None:
        """Says why it waits whenever that changes; to others only that it begins to, and has ended to."""
        if why and why != self._why:
            _say(f"{self._applicant.name} waits for room, {why}")
        if bool(why) != bool(self._why):
            self._queued(why)
        self._why = why

    def _decide(self) -> Decision:
        applicant = self._applicant
        need = Need(applicant.name, applicant.project, applicant.whole, self._no_subnet())
        return room.decide(need, usage.capacity(self._client), self._tenants(), applicant.policy)

    def _no_subnet(self) -> str:
        try:
            facts.subnet(self._client, self._live, self._applicant.name, self._applicant.pool)
        except MachineError as error:
            return str(error).splitlines()[0]
        return ""

    def _tenants(self) -> Iterator[Tenant]:
        """Everything else that is awake on the engine or on its way up from this host, by whomever."""
        sleepy = self._applicant.policy.full is FullHost.SLEEP
        known = {one.name: one for one in records.records()} if sleepy else {}
        flying = claims.in_flight()
        found = observe_all(self._client)
        for name in sorted((found.keys() | flying.keys()) - {self._applicant.name}):
            live, claim = found.get(name, Live()), flying.get(name)
            size = usage.size(live).joined(claim.size if claim else Size())
            if not live.awake and size == Size():
                continue
            one = known.get(name)
            may_sleep = one is not None and not one.pinned and claim is None and name not in self._busy
            project = live.project or (claim.project if claim else "")
            yield Tenant(name, project, size, may_sleep, one.activity if one else None)

    def _put_to_sleep(self, name: str) -> None:
        """One that a command is working on just now is passed over."""
        try:
            sleep(self._workspace, self._client, name, f"room for {self._applicant.name}", wait=False)
        except locks.InUseError:
            self._busy.add(name)
            return
        lack = self._decision.lacks[0]
        self.done.append(f"{name} was put to sleep to make room ({lack.words})")
        _say(self.done[-1])


def _refusal(applicant: Applicant, decision: Decision, *, waited: bool) -> MachineError:
    lines = "".join(f"\n    {lack.words}" for lack in decision.lacks)
    waiting = f" after {duration.text(applicant.policy.queue_timeout)}" if waited else ""
    return MachineError(f"there is no room for {applicant.name}{waiting}:{lines}", _remedy(decision))


def _remedy(decision: Decision) -> str:
    sorts = {lack.sort for lack in decision.lacks}
    if decision.hopeless:
        return (
            "give its services less (`resources` in the manifest), or set memoryOvercommit (`galley config`)"
        )
    if sorts == {Sort.DISK}:
        return (
            "`galley gc --images` removes images that no preview uses; or set diskReserve (`galley config`)"
        )
    ways = "put one to sleep or remove one (`galley ls`, `galley sleep`, `galley gc`)"
    return f"{ways}, or have that done: `galley config set hostPolicy sleep` (or queue)"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
