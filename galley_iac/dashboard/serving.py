"""What may be looked at: the pages and their live parts, the same data as JSON, and metrics."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)

from galley_iac.dashboard import answers, endpoints, events, metrics, streaming
from galley_iac.dashboard.auth.access import Access, Who
from galley_iac.dashboard.jobs import Jobs
from galley_iac.dashboard.listing import Filter
from galley_iac.dashboard.model import Preview
from galley_iac.dashboard.pages import Page, Pages
from galley_iac.dashboard.rendering import render
from galley_iac.dashboard.shells import NOT_ON
from galley_iac.dashboard.source import Source

T = TypeVar("T")


@dataclass(frozen=True)
class Browser:
    """Pages. Where reading needs a login, whoever has none is asked for it."""

    source: Source
    pages: Pages
    access: Access

    async def previews(self, request: Request) -> Response:
        """All previews."""
        wanted = Filter.of(request.query_params)
        return await self._page(request, lambda _who: self.pages.all_previews(wanted))

    async def overview(self, request: Request) -> Response:
        """One preview."""
        return await self._page(request, functools.partial(self.pages.overview, _name(request)))

    async def updates(self, request: Request) -> Response:
        """Its updates."""
        return await self._page(request, functools.partial(self.pages.updates, _name(request)))

    async def environment(self, request: Request) -> Response:
        """Its services' environment."""
        return await self._page(request, functools.partial(self.pages.environment, _name(request)))

    async def logs(self, request: Request) -> Response:
        """Its logs."""
        name, chosen = _name(request), request.query_params.getlist("source")
        return await self._page(request, lambda who: self.pages.logs(name, who, chosen))

    async def shell(self, request: Request) -> Response:
        """A terminal in one of its services, for who may act."""
        if not self.pages.is_shell_on:
            raise HTTPException(404, NOT_ON)
        if self.access.who(request) is None:
            return RedirectResponse("/login", 303)
        name, wanted = _name(request), request.query_params.get("service", "")
        return await self._page(request, lambda who: self.pages.shell(name, who, wanted))

    async def log_stream(self, request: Request) -> Response:
        """The lines of its logs as events."""
        self._check(request)
        await run_in_threadpool(_existing, self.source, _name(request))
        last = request.headers.get("last-event-id", "")
        return streaming.as_events(self.source, streaming.wanted(_name(request), request.query_params, last))

    async def log_download(self, request: Request) -> Response:
        """The lines of its logs as a file."""
        self._check(request)
        await run_in_threadpool(_existing, self.source, _name(request))
        query = QueryParams([*request.query_params.multi_items(), ("tail", str(streaming.MOST))])
        return await run_in_threadpool(
            streaming.as_download, self.source, streaming.wanted(_name(request), query)
        )

    async def thumbnail(self, request: Request) -> Response:
        """A picture of a service's page. Its address changes with it: it need not be asked for again."""
        self._check(request)
        service: str = request.path_params["service"]
        file = await run_in_threadpool(self.source.thumbnail, _name(request), service)
        if file is None:
            raise answers.not_found("such picture")
        return FileResponse(file, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})

    async def login(self, request: Request) -> Response:
        """The form for the token."""
        if self.access.who(request):
            return RedirectResponse("/", 303)
        return HTMLResponse(render("login.html", title="Log in", wrong="", who=None))

    async def _page(self, request: Request, build: Callable[[Who | None], Page | None]) -> Response:
        if not self.access.may_read(request):
            return RedirectResponse("/login", 303)
        who = self.access.who(request)
        if events.wants_events(request):
            return events.stream(lambda: build(who), self.source, request.query_params.get("seen", ""))
        page = await run_in_threadpool(build, who)
        if page is None:
            raise answers.not_found(f"preview {_name(request)}")
        return HTMLResponse(await run_in_threadpool(page.html, who))

    def _check(self, request: Request) -> None:
        if not self.access.may_read(request):
            raise HTTPException(401, "log in to read that")


@dataclass(frozen=True)
class Api:
    """The same as JSON."""

    source: Source
    jobs: Jobs
    access: Access

    async def previews(self, request: Request) -> Response:
        """All previews that pass the filter."""
        wanted = Filter.of(request.query_params)
        return await self._json(request, lambda: wanted.apply(self.source.previews()))

    async def preview(self, request: Request) -> Response:
        """One preview."""
        return await self._json(request, lambda: _existing(self.source, _name(request)))

    async def history(self, request: Request) -> Response:
        """Its updates."""
        return await self._of(request, self.source.history)

    async def drift(self, request: Request) -> Response:
        """What differs from what was declared, if somebody has asked."""
        return await self._of(request, self.source.drift)

    async def environment(self, request: Request) -> Response:
        """Its services' environment."""
        return await self._of(request, self.source.environment)

    async def logs(self, request: Request) -> Response:
        """Lines of its logs."""
        asked = streaming.wanted(_name(request), request.query_params)
        return await self._of(request, lambda _name: self.source.read(asked))

    async def job(self, request: Request) -> Response:
        """An action and what has become of it."""
        job = self.jobs.job(request.path_params["job"])
        if job is None:
            raise answers.not_found("such job")
        return await self._json(request, job.as_data)

    async def openapi(self, _request: Request) -> Response:
        """The description of all this."""
        return JSONResponse(endpoints.document())

    async def metrics(self, request: Request) -> Response:
        """For Prometheus."""
        if not self.access.may_read(request):
            raise HTTPException(401, "send the token: Authorization: Bearer ...")
        previews = await run_in_threadpool(self.source.previews)
        text = metrics.exposition(previews, self.jobs.counts(), not self.source.problem)
        return Response(text, media_type=metrics.TYPE)

    async def healthz(self, _request: Request) -> Response:
        """Whether the dashboard itself runs; for whoever starts it."""
        return PlainTextResponse("ok\n")

    async def _of(self, request: Request, answer: Callable[[str], object]) -> Response:
        def found() -> object:
            return answer(_existing(self.source, _name(request)).name)

        return await self._json(request, found)

    async def _json(self, request: Request, answer: Callable[[], object]) -> Response:
        if not self.access.may_read(request):
            raise HTTPException(401, "send the token: Authorization: Bearer ...")
        return await run_in_threadpool(lambda: answers.json(answer()))


def _name(request: Request) -> str:
    parameters: Mapping[str, str] = request.path_params
    return parameters["preview"]


def _existing(source: Source, name: str) -> Preview:
    preview = source.preview(name)
    if preview is None:
        raise answers.not_found(f"preview {name}")
    return preview
