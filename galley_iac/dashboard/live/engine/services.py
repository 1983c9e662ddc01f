"""A preview's services out of what the engine has of it. Pure."""

from __future__ import annotations

from galley_iac.automation.records import Record
from galley_iac.dashboard import states
from galley_iac.dashboard.live.place import About, Measured, Seen, link, restarted
from galley_iac.dashboard.model import Crash, Service, Usage
from galley_iac.dashboard.states import Tone
from galley_iac.engine import labels
from galley_iac.engine.live import Live, LiveContainer
from galley_iac.engine.status import PreviewStatus, ServiceStatus, preview_status, router_status
from galley_iac.plan.model import ROUTER
from galley_iac.timing import seconds


def seen(name: str, live: Live, about: About, measured: Measured) -> Seen:
    """All of it in the dashboard's words."""
    status = status_of(name, live, about.record)
    services = tuple(_service(live, about, measured, one) for one in status.services)
    return Seen(status, services, _router(live, about, measured))


def status_of(name: str, live: Live, record: Record | None) -> PreviewStatus:
    """As the command has it."""
    return preview_status(name, live, asleep=is_asleep(live, record))


def is_asleep(live: Live, record: Record | None) -> bool:
    """Whether it was put to sleep and nothing of it runs: then what has ended has not crashed."""
    return bool(record and record.asleep and live.lasting and not live.awake)


def _service(live: Live, about: About, measured: Measured, status: ServiceStatus) -> Service:
    container = live.container(status.service)
    if container is None:
        return Service(status.service, status.kind, labels.ROLE_SERVICE, status.state, status.reason)
    crash = about.crashes.get(status.service)
    state, reason = restarted(status.state, status.reason, crash, container.id, about.now)
    after = about.stack.after.get(status.service, ())
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
        built_from=about.stack.built_from.get(status.image, ""),
        url=link(status.url),
        after=tuple(name for name in after if live.container(name)),
        usage=_usage(measured, container),
        crash=crash,
        last_lines=_lines(measured, container, crash) if states.tone(state) is Tone.BAD else (),
    )


def _router(live: Live, about: About, measured: Measured) -> Service | None:
    container = live.container(ROUTER, labels.ROLE_ROUTER)
    if container is None:
        return None
    status = router_status(live)
    if is_asleep(live, about.record):
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
        usage=_usage(measured, container),
    )


def _lines(measured: Measured, container: LiveContainer, crash: Crash | None) -> tuple[str, ...]:
    """What the crash left, where it is this container's: after a restart the log's end is another."""
    if crash and crash.container == container.id and crash.lines:
        return crash.lines
    return measured.lines(container.id)


def _usage(measured: Measured, container: LiveContainer) -> Usage | None:
    found = measured.usage.get(container.id) if container.state == "running" else None
    return Usage(found.cpus, found.memory, container.memory_limit) if found else None


def _since(container: LiveContainer) -> float | None:
    """A running one since it was started, any other since it ended."""
    text = container.started_at if container.state == "running" else container.finished_at
    return seconds(text) if text and not text.startswith("0001-") else None
