"""Requests that change something: the login, and actions. Each is checked first and recorded afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from galley_iac.dashboard import answers
from galley_iac.dashboard.actions import ACTIONS, Action, prepare
from galley_iac.dashboard.audit import Asked, Audit
from galley_iac.dashboard.auth.access import COOKIE, Access, Who
from galley_iac.dashboard.auth.sessions import LONGEST
from galley_iac.dashboard.jobs import Job, Jobs
from galley_iac.dashboard.model import Preview
from galley_iac.dashboard.rendering import render
from galley_iac.dashboard.security import is_own_origin
from galley_iac.dashboard.source import Source
from galley_iac.errors import GalleyError

_LARGEST = 16 * 1024
_LONGEST_WAIT = 300.0
_CSRF_HEADER = "x-csrf-token"


@dataclass(frozen=True)
class Acting:
    """``host`` is the engine that actions are done on."""

    source: Source
    jobs: Jobs
    access: Access
    audit: Audit
    host: str

    async def log_in(self, request: Request) -> Response:
        """A session for the right token."""
        asked = Asked("somebody", "form", self.access.came_from(request))
        fields = await fields_of(request)
        if not is_own_origin(request.headers):
            raise HTTPException(403, "this request comes from another site")
        session = self.access.log_in(fields.get("token", ""))
        await run_in_threadpool(self.audit.record, asked, "log in", "done" if session else "refused")
        if session is None:
            shut = "too many wrong tokens: wait a minute"
            wrong = shut if self.access.is_shut else "that is not the token"
            status = 429 if self.access.is_shut else 403
            return HTMLResponse(render("login.html", title="Log in", wrong=wrong, who=None), status)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            COOKIE,
            session,
            max_age=int(LONGEST),
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer

    async def log_out(self, request: Request) -> Response:
        """Ends the session."""
        await self.checked(request, await fields_of(request), "log out", "")
        self.access.sessions.end(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse("/", 303)
        answer.delete_cookie(COOKIE)
        return answer

    async def from_page(self, request: Request) -> Response:
        """An action by a form; the page it came from shows what becomes of it."""
        preview, action = request.path_params["preview"], request.path_params["action"]
        await self._begin(request, await fields_of(request), preview, action)
        return RedirectResponse(f"/previews/{preview}", 303)

    async def from_api(self, request: Request) -> Response:
        """An action by a program; ``wait`` seconds are waited for its end."""
        fields = await fields_of(request)
        preview, action = request.path_params["preview"], request.path_params["action"]
        job = await self._begin(request, fields, preview, action)
        ended = await run_in_threadpool(self.jobs.wait, job, _seconds(fields.get("wait", "")))
        return answers.json(job.as_data(), 200 if ended else 202)

    async def _begin(self, request: Request, fields: Mapping[str, str], name: str, verb: str) -> Job:
        who = await self.checked(request, fields, verb, name)
        action, preview = ACTIONS.get(verb), self.source.preview(name)
        if action is None:
            raise answers.not_found("such action")
        if preview is None:
            raise answers.not_found(f"preview {name}")
        _check_offered(action, preview)
        details = {ask: fields[ask] for ask in action.asks if ask in fields}
        asked = Asked(who.name, who.how, self.access.came_from(request))
        try:
            work = await run_in_threadpool(prepare, action, preview, fields, self.host, self.source)
        except GalleyError as error:
            raise HTTPException(400, str(error)) from None
        return await run_in_threadpool(lambda: self.jobs.start(verb, name, asked, work, **details))

    async def checked(self, request: Request, fields: Mapping[str, str], action: str, preview: str) -> Who:
        """Who asks. What is refused is recorded as well."""
        who = self.access.who(request)
        csrf = request.headers.get(_CSRF_HEADER) or fields.get("csrf", "")
        refused = self.access.refusal(request, who, csrf)
        if refused or who is None:
            status, why = refused or (401, "log in to do that")
            asked = Asked(
                who.name if who else "somebody", who.how if who else "none", self.access.came_from(request)
            )
            await run_in_threadpool(
                lambda: self.audit.record(asked, action, "refused", preview=preview, why=why)
            )
            raise HTTPException(status, why)
        return who


def _check_offered(action: Action, preview: Preview) -> None:
    if action.name in preview.lacks:
        raise HTTPException(409, f"{action.name} is not for previews on {preview.target}")
    if not action.offered(preview):
        raise HTTPException(409, f"{preview.name} is {preview.state}: {action.name} makes no sense now")


async def fields_of(request: Request) -> dict[str, str]:
    """The texts in a form or in a JSON object; anything else counts as nothing."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise HTTPException(413, "that is too much")
    if request.headers.get("content-type", "").startswith("application/json"):
        return _texts(body)
    return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=100))


def _texts(body: bytes) -> dict[str, str]:
    try:
        found: Any = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise HTTPException(400, "that is no JSON") from None
    if not isinstance(found, dict):
        raise HTTPException(400, "a JSON object is expected")
    return {key: str(value) for key, value in found.items() if isinstance(value, str | int | float)}


def _seconds(text: str) -> float:
    try:
        seconds = float(text or 0)
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), _LONGEST_WAIT) if seconds == seconds else 0.0
