"""Whether a host has room for one more preview, and who has to make room where it has not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from galley_iac.plan.model import Plan
from galley_iac.plan.policy import FullHost, Policy

_GIB = 1024**3
_MIB = 1024**2


@dataclass(frozen=True)
class Size:
    """CPUs, and memory in bytes."""

    cpus: float = 0.0
    memory: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.cpus + other.cpus, self.memory + other.memory)

    def covers(self, other: Size) -> bool:
        """Whether ``other`` is no larger, in either respect."""
        return other.cpus <= self.cpus and other.memory <= self.memory

    def joined(self, other: Size) -> Size:
        """The larger of the two in each respect."""
        return Size(max(self.cpus, other.cpus), max(self.memory, other.memory))


@dataclass(frozen=True)
class Host:
    """What the engine's host has; ``disk_free`` (bytes) is None where it cannot be seen from here."""

    cpus: float
    memory: int
    disk_free: int | None = None


@dataclass(frozen=True)
class Tenant:
    """A preview that is awake, or on its way up. ``activity`` is when it was last active, None if unknown."""

    name: str
    project: str
    size: Size
    may_sleep: bool = False
    activity: float | None = None


@dataclass(frozen=True)
class Need:
    """A preview that is to start; ``no_subnet`` says why it can have no subnet, where that is so."""

    name: str
    project: str
    size: Size
    no_subnet: str = ""


class Sort(StrEnum):
    """What there is too little of."""

    MEMORY = "memory"
    CPUS = "cpus"
    DISK = "disk"
    PREVIEWS = "previews"
    SUBNET = "subnet"


@dataclass(frozen=True)
class Lack:
    """One thing that there is too little of, and the same in words."""

    sort: Sort
    words: str


@dataclass(frozen=True)
class Decision:
    """``lacks`` is empty where there is room. ``sleepers`` are to be put to sleep for it, in this order;
    empty where the policy does not say so, or where even that would not help. ``hopeless``: it would not fit
    if it were alone, so that no waiting helps.
    """

    lacks: tuple[Lack, ...] = ()
    sleepers: tuple[str, ...] = ()
    hopeless: bool = False


def whole(plan: Plan) -> Size:
    """All that may run while the preview comes up: every service, every job and the router."""
    return _sum(plan, jobs=True)


def lasting(plan: Plan) -> Size:
    """What stays when its jobs are done."""
    return _sum(plan, jobs=False)


def _sum(plan: Plan, *, jobs: bool) -> Size:
    limits = [container.limits for container in plan.containers if jobs or not container.is_job]
    if plan.router:
        limits.append(plan.router_limits)
    return Size(sum(one.cpus for one in limits), sum(one.memory for one in limits))


def decide(need: Need, host: Host, tenants: Iterable[Tenant], policy: Policy) -> Decision:
    """Whether the preview fits beside the others; it is not among ``tenants`` itself."""
    others = tuple(tenant for tenant in tenants if tenant.name != need.name)

    def lacking(left: Sequence[Tenant]) -> tuple[Lack, ...]:
        return lacks(need, host, left, policy)

    found = lacking(others)
    if any(lack.sort in (Sort.MEMORY, Sort.CPUS) for lack in lacking(())):
        return Decision(found, hopeless=True)
    if not found or policy.full is not FullHost.SLEEP:
        return Decision(found)
    return Decision(found, _sleepers(need, others, lacking))


def lacks(need: Need, host: Host, others: Sequence[Tenant], policy: Policy) -> tuple[Lack, ...]:
    """Everything that there is too little of, with how much is needed and how much is left."""
    taken = sum((tenant.size for tenant in others), Size())
    found = [
        _memory(need.size.memory, taken.memory, host, policy),
        _cpus(need.size.cpus, taken.cpus, host, policy),
        _disk(host, policy),
        _previews(need, others, policy),
        Lack(Sort.SUBNET, need.no_subnet) if need.no_subnet else None,
    ]
    return tuple(lack for lack in found if lack)


def _memory(need: int, taken: int, host: Host, policy: Policy) -> Lack | None:
    allowed = int(host.memory * policy.memory_overcommit)
    if taken + need <= allowed:
        return None
    factor = f"{policy.memory_overcommit:g} x {size_text(host.memory)}"
    left = f"{size_text(max(allowed - taken, 0))} of {size_text(allowed)} ({factor}) are left"
    return Lack(Sort.MEMORY, f"memory: its limits come to {size_text(need)}, {left}")


def _cpus(need: float, taken: float, host: Host, policy: Policy) -> Lack | None:
    allowed = host.cpus * policy.cpu_overcommit
    if taken + need <= allowed:
        return None
    left = f"{max(allowed - taken, 0):g} of {allowed:g} ({policy.cpu_overcommit:g} x {host.cpus:g}) are left"
    return Lack(Sort.CPUS, f"CPUs: its limits come to {need:g}, {left}")


def _disk(host: Host, policy: Policy) -> Lack | None:
    if host.disk_free is None or host.disk_free >= policy.disk_reserve:
        return None
    free, reserve = size_text(host.disk_free), size_text(policy.disk_reserve)
    return Lack(Sort.DISK, f"disk: {free} are free where the engine keeps its data, {reserve} have to be")


def _previews(need: Need, others: Sequence[Tenant], policy: Policy) -> Lack | None:
    awake = sum(tenant.project == need.project for tenant in others)
    if not policy.max_previews or awake < policy.max_previews:
        return None
    return Lack(
        Sort.PREVIEWS, f"previews: {need.project} has {awake} awake, and may have {policy.max_previews}"
    )


def _sleepers(
    need: Need, others: Sequence[Tenant], lacking: Callable[[Sequence[Tenant]], tuple[Lack, ...]]
) -> tuple[str, ...]:
    """The longest idle first, as many as it takes and no more; nobody where not even all of them would do."""
    candidates = sorted((t for t in others if t.may_sleep), key=lambda t: (t.activity or 0.0, t.name))
    chosen: list[Tenant] = []
    for candidate in candidates:
        left = lacking(_without(others, chosen))
        if left and _helps(candidate, need, left):
            chosen.append(candidate)
    if lacking(_without(others, chosen)):
        return ()
    for candidate in list(chosen):
        fewer = [tenant for tenant in chosen if tenant is not candidate]
        if not lacking(_without(others, fewer)):
            chosen = fewer
    return tuple(tenant.name for tenant in chosen)


def _helps(candidate: Tenant, need: Need, left: Sequence[Lack]) -> bool:
    sorts = {lack.sort for lack in left}
    if sorts & {Sort.MEMORY, Sort.CPUS}:
        return True
    return Sort.PREVIEWS in sorts and candidate.project == need.project


def _without(tenants: Sequence[Tenant], gone: Sequence[Tenant]) -> list[Tenant]:
    names = {tenant.name for tenant in gone}
    return [tenant for tenant in tenants if tenant.name not in names]


def size_text(size: int) -> str:
    """Bytes for people: ``5.1 GiB``, ``512 MiB``."""
    return f"{size / _GIB:.1f} GiB" if size >= _GIB else f"{size / _MIB:.0f} MiB"
