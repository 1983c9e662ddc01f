"""What an update did, service by service, in the words of the manifest."""

from __future__ import annotations

from galley_iac.automation.progress import Progress, Row
from galley_iac.engine.status import PreviewStatus, ServiceStatus
from galley_iac.forge.comment import ServiceLine

_FIELDS = {
    "command": "start",
    "cpus": "resources.cpus",
    "entrypoints": "start",
    "envs": "env",
    "memory": "resources.memory",
    "networksAdvanced": "network",
    "volumes": "data",
}
"""The provider's names that are not the manifest's."""


def of_status(status: PreviewStatus, progress: Progress | None = None) -> tuple[ServiceLine, ...]:
    """A preview that runs; ``progress`` is the update that brought it there."""
    rows = progress.rows if progress else {}
    return tuple(_line(service, rows.get(service.service)) for service in status.services)


def of_progress(progress: Progress | None) -> tuple[ServiceLine, ...]:
    """As far as an update came that did not go through."""
    rows = progress.rows.values() if progress else ()
    return tuple(ServiceLine(row.service, str(row.phase), *_what(row)) for row in rows)


def _line(service: ServiceStatus, row: Row | None) -> ServiceLine:
    did, fields = _what(row) if row else ("", ())
    return ServiceLine(service.service, service.state, did, fields, service.url)


def _what(row: Row) -> tuple[str, tuple[str, ...]]:
    """Each field once: the provider may have two for one of ours. A field within one is that field."""
    names = (name.partition("[")[0].partition(".")[0] for name in row.fields)
    return row.did, tuple(dict.fromkeys(_FIELDS.get(name, name) for name in names))
