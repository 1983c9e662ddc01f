"""Serves the dashboard until it is interrupted."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

from galley_iac.dashboard import app
from galley_iac.dashboard.acting import Acting
from galley_iac.dashboard.audit import Audit
from galley_iac.dashboard.auth import token
from galley_iac.dashboard.auth.access import Access
from galley_iac.dashboard.jobs import Jobs
from galley_iac.dashboard.live.source import LiveSource
from galley_iac.dashboard.live.thumbnails import find_browser
from galley_iac.dashboard.pages import Pages
from galley_iac.dashboard.serving import Api, Browser
from galley_iac.dashboard.settings import Settings
from galley_iac.dashboard.shelling import Shelling
from galley_iac.dashboard.shells import Shells
from galley_iac.dashboard.source import Source
from galley_iac.errors import MachineError

_GRACE = 2
"""Seconds for open pages to be told that it ends; their streams would go on for ever."""


@dataclass(frozen=True)
class Served:
    """The application, and the shells that are open in it."""

    app: Starlette
    shells: Shells


def application(
    source: Source, settings: Settings, secret: str, host: str, changed: Callable[[], None]
) -> Served:
    """Everything put together: ``secret`` is the token, ``host`` the engine, ``changed`` is told when an
    action says something.
    """
    access, audit = Access(settings, secret), Audit()
    jobs, shells = Jobs(audit, changed), Shells(audit)
    acting = Acting(source, jobs, access, audit, host)
    parts = app.Parts(
        Browser(source, Pages(source, jobs, settings.shell), access),
        Api(source, jobs, access),
        acting,
        Shelling(acting, shells, settings.shell),
    )
    return Served(app.make(parts, settings.host_names), shells)


def serve(settings: Settings, host: str, say: Callable[[str], None]) -> None:
    """Serves until SIGINT or SIGTERM. Raises MachineError when the port is taken or the engine is silent."""
    browser = find_browser() if settings.thumbnails else None
    with LiveSource(host, browser) as source, _listening(settings) as listener:
        secret, is_new = token.ensure()
        made = application(source, settings, secret, host, source.notify)
        _announce(settings, listener.getsockname()[1], say)
        if is_new and sys.stderr.isatty():
            say(f"it was made just now: {secret}")
        logging.getLogger("uvicorn.error").addFilter(_is_no_open_page)
        config = uvicorn.Config(
            made.app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
            proxy_headers=False,
        )
        try:
            uvicorn.Server(config).run([listener])
        finally:
            made.shells.end_all()


def _is_no_open_page(record: logging.LogRecord) -> bool:
    """A page that is open when the dashboard ends is cut off, which uvicorn reports with a traceback."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise MachineError(
            f"cannot listen on {place}: {error.strerror or error}", "name another: --port N"
        ) from None
    with listener:
        yield listener


def _announce(settings: Settings, port: int, say: Callable[[str], None]) -> None:
    """Says where it is, and where the token is; the token itself only ever to a person, once."""
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    say(f"the dashboard is at http://{name}:{port}/ (Ctrl-C ends it)")
    if not settings.open_to_read:
        say("it listens on more than loopback: reading needs the token too")
    say(f"to act, log in with the token in {token.path()}")
