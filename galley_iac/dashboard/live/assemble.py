"""A preview as it is shown, out of what lives of it, Pulumi's state and our own records. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from galley_iac.automation import tags
from galley_iac.automation.records import Record
from galley_iac.dashboard import states
from galley_iac.dashboard.live.place import Seen
from galley_iac.dashboard.model import Activity, Preview, Service, Update, total
from galley_iac.engine.status import PreviewStatus, ServiceStatus


@dataclass(frozen=True)
class Known:
    """All that is known of one preview at one moment, and of the place where it lives."""

    name: str
    seen: Seen
    target: str = "docker"
    lacks: frozenset[str] = frozenset()
    measured: bool = True
    first: float | None = None
    last: Update | None = None
    activity: Activity | None = None
    record: Record | None = None


def preview(known: Known) -> Preview:
    """Everything put together."""
    status, services, router = known.seen.status, known.seen.services, known.seen.router
    failed = known.last is not None and known.last.result == "failed"
    found = Preview(
        known.name,
        status.project,
        states.overall(_as_shown(status, services), known.activity, failed),
        status.branch,
        status.pull_request,
        target=known.target,
        lacks=tuple(sorted(known.lacks)),
        measured=known.measured,
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


def _with_record(found: Preview, record: Record) -> Preview:
    """What its stack knows and nothing that lives says."""
    identity, lease = record.identity, record.lease
    asleep = f"asleep: {record.asleep.why}" if record.asleep and record.asleep.why else ""
    return replace(
        found,
        project=found.project or record.project,
        branch=found.branch or (identity.branch if identity else ""),
        pull_request=found.pull_request or (identity.pull_request if identity else None),
        commit=record.tags.get(tags.COMMIT, ""),
        author=record.tags.get(tags.AUTHOR, ""),
        updated=found.updated or record.updated,
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
