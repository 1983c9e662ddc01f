"""A preview as it is shown, out of what the engine, Pulumi's state and our own records know of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from galley_iac.automation import tags
from galley_iac.automation.records import Record
from galley_iac.dashboard import states
from galley_iac.dashboard.live.stacks import Stack
from galley_iac.dashboard.model import Activity, Crash, Preview, Service, Update, Usage, total
from galley_iac.dashboard.states import Tone
from galley_iac.engine import labels
from galley_iac.engine.live import Live, LiveContainer
from galley_iac.engine.status import PreviewStatus, ServiceStatus, preview_status, router_status
from galley_iac.plan.model import ROUTER
from galley_iac.timing import seconds

_WEB = ("http://", "https://")
"""What an address may begin with: it comes from a label, and ends in a link."""

RECENT = 30.0
"""Seconds for which a service that crashed and runs again is still shown as restarting."""


@dataclass(frozen=True)
class Known:
    """All that is known of one preview at one moment (``now``, in seconds since the epoch)."""

    name: str
    now: float
    live: Live = field(default_factory=Live)
    stack: Stack = field(default_factory=Stack)
    first: float | None = None
    last: Update | None = None
    activity: Activity | None = None
    record: Record | None = None
    crashes: Mapping[str, Crash] = field(default_factory=dict)
    """By service."""
    usage: Mapping[str, Usage] = field(default_factory=dict)
    """By container."""
    last_lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By container, of those that are not as they should be."""


def preview(known: Known) -> Preview:
    """Everything put together."""
    status = preview_status(known.name, known.live, asleep=is_asleep(known.live, known.record))
    services = tuple(_service(known, found) for found in status.services)
    router = _router(known)
    failed = known.last is not None and known.last.result == "failed"
    state = states.overall(_as_shown(status, services), known.activity, failed)
    found = Preview(
        known.name,
        status.project,
        state,
        status.branch,
        status.pull_request,
        created=known.first,
        updated=known.last.ended if known.last else None,
        note="the last update failed" if failed and not known.activity else "",
        activity=known.activity,
        urls={service.name: service.url for service in services if service.url},
        usage=total(one.usage for one in (*services, router) if one),
        services=services,
        router=router,
    )
    return _with_record(found, known.record) if known.record else found


def is_asleep(live: Live, record: Record | None) -> bool:
    """Whether it was put to sleep and nothing of it runs: then what has ended has not crashed."""
    return bool(record and record.asleep and live.lasting and not live.awake)


def _with_record(found: Preview, record: Record) -> Preview:
    """What its stack knows and the engine does not say."""
    identity, lease = record.identity, record.lease
    asleep = f"asleep: {record.asleep.why}" if record.asleep and record.asleep.why else ""
    return replace(
        found,
        project=found.project or record.project,
        branch=found.branch or (identity.branch if identity else ""),
        pull_request=found.pull_request or (identity.pull_request if identity else None),
        commit=record.tags.get(tags.COMMIT, ""),
        author=record.tags.get(tags.AUTHOR, ""),
        expires=lease.expires,
        ttl=lease.ttl,
        pinned=lease.pinned,
        note=found.note or asleep,
    )


def _as_shown(status: PreviewStatus, services: tuple[Service, ...]) -> PreviewStatus:
    """The status with what our own records have changed in it."""
    changed = tuple(
        ServiceStatus(found.service, found.kind, shown.state)
        for found, shown in zip(status.services, services, strict=True)
    )
    return PreviewStatus(status.preview, status.project, status.branch, status.pull_request, changed)


def _service(known: Known, status: ServiceStatus) -> Service:
    container = known.live.container(status.service)
    if container is None:
        return Service(status.service, status.kind, labels.ROLE_SERVICE, status.state, status.reason)
    crash = known.crashes.get(status.service)
    state, reason = status.state, status.reason
    if status.healthy and status.state != "done" and crash and _is_recent(crash, container, known.now):
        state, reason = "restarting", f"{crash.reason}; it has been started again"
    after = known.stack.after.get(status.service, ())
    return Service(
        name=status.service,
        kind=status.kind,
        role=container.role,
        state=state,
        reason=reason,
        exit_code=status.exit_code,
        restarts=container.restarts,
        since=_since(container),
        image=status.image,
        built_from=known.stack.built_from.get(status.image, ""),
        url=status.url if status.url.startswith(_WEB) else "",
        after=tuple(name for name in after if known.live.container(name)),
        usage=_usage(known, container),
        crash=crash,
        last_lines=_lines(known, container, crash) if states.tone(state) is Tone.BAD else (),
    )


def _router(known: Known) -> Service | None:
    container = known.live.container(ROUTER, labels.ROLE_ROUTER)
    if container is None:
        return None
    status = router_status(known.live)
    if is_asleep(known.live, known.record):
        status = ServiceStatus(ROUTER, "", "asleep", status.image)
    return Service(
        name=ROUTER,
        kind="",
        role=labels.ROLE_ROUTER,
        state=status.state,
        reason=status.reason,
        exit_code=status.exit_code if not status.healthy else None,
        restarts=container.restarts,
        since=_since(container),
        image=status.image,
        usage=_usage(known, container),
    )


def _is_recent(crash: Crash, container: LiveContainer, now: float) -> bool:
    return crash.container == container.id and now - crash.when < RECENT


def _lines(known: Known, container: LiveContainer, crash: Crash | None) -> tuple[str, ...]:
    """What the crash left, where it is this container's: after a restart the log's end is another."""
    if crash and crash.container == container.id and crash.lines:
        return crash.lines
    return known.last_lines.get(container.id, ())


def _usage(known: Known, container: LiveContainer) -> Usage | None:
    found = known.usage.get(container.id) if container.state == "running" else None
    return Usage(found.cpus, found.memory, container.memory_limit) if found else None


def _since(container: LiveContainer) -> float | None:
    """A running one since it was started, any other since it ended."""
    text = container.started_at if container.state == "running" else container.finished_at
    return seconds(text) if text and not text.startswith("0001-") else None
