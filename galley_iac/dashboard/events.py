"""Live pages: the same URL, asked for as an event stream, sends the parts of the page that have become
others.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import StreamingResponse

from galley_iac.dashboard.pages import Page
from galley_iac.dashboard.source import Source

TYPE = "text/event-stream"
_QUIET = 10.0
"""Seconds after which a page is made again though nothing was said: ages and remaining times have changed."""

_SHORTEST = 0.25
"""Seconds between two pushes at least: an update changes dozens of things at once."""

Build = Callable[[], Page | None]


def wants_events(request: Request) -> bool:
    """Whether a browser's EventSource asks."""
    return TYPE in request.headers.get("accept", "")


def stream(build: Build, source: Source, seen: str) -> StreamingResponse:
    """Sends what differs from what was sent before, for as long as somebody listens.

    ``seen`` is the version of the page that the browser has already.
    """
    return StreamingResponse(
        _pushes(build, source, seen), media_type=TYPE, headers={"X-Accel-Buffering": "no"}
    )


def event(kind: str, data: object, identifier: str = "") -> str:
    """One server-sent event; JSON has no line break in it."""
    head = f"id: {identifier}\n" if identifier else ""
    return f"{head}event: {kind}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


async def _pushes(build: Build, source: Source, seen: str) -> AsyncIterator[str]:
    loop, changed = asyncio.get_running_loop(), asyncio.Event()

    def notice() -> None:
        loop.call_soon_threadsafe(changed.set)

    unsubscribe = source.subscribe(notice)
    sent: dict[str, object] = {}
    try:
        while True:
            changed.clear()
            page = await run_in_threadpool(build)
            if page is None:
                yield event("gone", {})
                return
            if page.version == seen:
                difference(sent, page)
            yield event("parts", difference(sent, page))
            seen = ""
            await asyncio.sleep(_SHORTEST)
            await _either(changed.wait(), _QUIET)
    finally:
        unsubscribe()


async def _either(waiting: object, seconds: float) -> None:
    try:
        await asyncio.wait_for(waiting, seconds)  # type: ignore[arg-type]
    except TimeoutError:
        return


def difference(sent: dict[str, object], page: Page) -> dict[str, object]:
    """What of the page has not been sent yet as it is now; ``sent`` takes it over."""
    parts = {key: str(html) for key, html in page.parts.items() if sent.get(key) != html}
    lists = {key: list(ids) for key, ids in page.lists.items() if sent.get(f"[{key}]") != list(ids)}
    sent.clear()
    sent.update(page.parts)
    sent.update({f"[{key}]": list(ids) for key, ids in page.lists.items()})
    return {"parts": parts, "lists": lists}
