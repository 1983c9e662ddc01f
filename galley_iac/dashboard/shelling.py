"""Requests about shells: opened as an action is, read as events, typed into by requests of their own.

There is no web socket, which a browser lets any site open: the session's cookie, the browser's word for where
a request comes from and the form's secret guard every key that is typed, as they guard an action. The id in
the address is of no use to anybody else.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import anyio
from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from galley_iac.dashboard import answers
from galley_iac.dashboard.acting import Acting, fields_of
from galley_iac.dashboard.audit import Asked
from galley_iac.dashboard.auth.access import Who
from galley_iac.dashboard.events import TYPE, event
from galley_iac.dashboard.model import Preview
from galley_iac.dashboard.security import is_own_origin
from galley_iac.dashboard.shells import MOST, NOT_ON, Owner, Shell, Shells
from galley_iac.engine import labels
from galley_iac.errors import GalleyError

_WIDEST, _TALLEST = 500, 200

_limiter = CapacityLimiter(MOST)
"""Reading waits in threads of its own kind, so that open shells never keep a page waiting."""


@dataclass(frozen=True)
class Shelling:
    """``is_on`` says whether whoever started the dashboard wants shells."""

    acting: Acting
    shells: Shells
    is_on: bool

    async def begin(self, request: Request) -> Response:
        """Opens a shell in a service's container; answers with its id."""
        name = request.path_params["preview"]
        fields = await fields_of(request)
        who = await self.acting.checked(request, fields, "shell", name)
        asked = Asked(who.name, who.how, self.acting.access.came_from(request))
        await self._refuse(asked, name)
        preview = self.acting.source.preview(name)
        if preview is None:
            raise answers.not_found(f"preview {name}")
        service = _service(preview, fields)
        try:
            shell = await run_in_threadpool(
                self.shells.begin,
                _owner(who),
                asked,
                name,
                service,
                lambda: self.acting.source.open_shell(name, service),
            )
        except GalleyError as error:
            raise HTTPException(409, str(error)) from None
        return JSONResponse({"shell": shell.id}, 201)

    async def output(self, request: Request) -> Response:
        """What it writes, for the page that has opened it; when that goes away, the shell ends."""
        who = self.acting.access.who(request)
        if who is None or not is_own_origin(request.headers):
            raise HTTPException(403, "only the page that has opened a shell can read it")
        shell = self.shells.listen(request.path_params["shell"], _owner(who))
        if shell is None:
            raise answers.not_found("such shell")
        return StreamingResponse(self._events(shell), media_type=TYPE, headers={"X-Accel-Buffering": "no"})

    async def input(self, request: Request) -> Response:
        """What somebody types (``text``), or how large the terminal is (``columns``, ``rows``)."""
        fields = await fields_of(request)
        who = self.acting.access.who(request)
        shell = self.shells.of(request.path_params["shell"], _owner(who)) if who else None
        await self.acting.checked(request, fields, "shell input", shell.preview if shell else "")
        if shell is None:
            raise answers.not_found("such shell")
        await run_in_threadpool(_give, shell, fields)
        return Response(status_code=204)

    async def _events(self, shell: Shell) -> AsyncIterator[str]:
        try:
            while not shell.is_idle:
                text = await to_thread.run_sync(_read, shell, limiter=_limiter)
                if text is None:
                    break
                yield event("output", text) if text else ": still here\n\n"
            yield event("ended", {})
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(self.shells.end, shell, limiter=_limiter)

    async def _refuse(self, asked: Asked, preview: str) -> None:
        if not self.is_on:
            await run_in_threadpool(
                lambda: self.acting.audit.record(asked, "shell", "refused", preview=preview, why=NOT_ON)
            )
            raise HTTPException(403, NOT_ON)
        if self.shells.is_full:
            raise HTTPException(409, f"{MOST} shells are open: close one")


def _owner(who: Who) -> Owner:
    return (who.how, who.name, who.csrf)


def _service(preview: Preview, fields: Mapping[str, str]) -> str:
    found = next((one for one in preview.services if one.name == fields.get("service")), None)
    if found is None or found.role != labels.ROLE_SERVICE:
        raise HTTPException(400, f"{preview.name} has no service {fields.get('service', '')!r} to work in")
    return found.name


def _read(shell: Shell) -> str | None:
    try:
        return shell.terminal.read()
    except (GalleyError, OSError):
        return None


def _give(shell: Shell, fields: Mapping[str, str]) -> None:
    shell.used = time.monotonic()
    columns, rows = _number(fields, "columns", _WIDEST), _number(fields, "rows", _TALLEST)
    try:
        if columns and rows:
            shell.terminal.resize(columns, rows)
        if fields.get("text"):
            shell.terminal.write(fields["text"])
    except (GalleyError, OSError):
        raise HTTPException(409, "it has ended") from None


def _number(fields: Mapping[str, str], name: str, most: int) -> int:
    text = fields.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < len("10000") else 0
