"""Logs over HTTP: as events for the page, as text to keep."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence

import anyio
from anyio import CapacityLimiter, to_thread
from starlette.datastructures import QueryParams
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from galley_iac import timing
from galley_iac.dashboard.events import TYPE, event
from galley_iac.dashboard.model import Line
from galley_iac.dashboard.source import Feed, Source, Wanted

MOST = 200_000
"""Lines of one source that are sent at most."""

_USUAL = 5_000
_CONTEXT = 600.0
"""Seconds of log before a line that is linked to."""

_OVERLAP = 2.0
"""Seconds that are sent again after a lost connection, since sources are not quite in step: the page knows
them.
"""

_AT_ONCE = 64
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{9}Z")
_FILES_BEGIN = "1970-"

_limiter = CapacityLimiter(_AT_ONCE)
"""Reading waits in threads of its own kind, so that open logs never keep a page waiting."""


def wanted(preview: str, query: QueryParams, after: str = "") -> Wanted:
    """What a query string asks for: ``source`` (any number), ``tail``, and ``at``, the stamp of one line.

    ``after`` is the last stamp that a browser has seen before it lost the connection. What is malformed
    counts as not given.
    """
    tail, at = query.get("tail", ""), query.get("at", "")
    lines = (
        min(int(tail), MOST)
        if tail.isascii() and tail.isdigit() and len(tail) < len("1000000000")
        else _USUAL
    )
    sources = tuple(query.getlist("source"))[:_AT_ONCE]
    if _is_stamp(after):
        return Wanted(preview, sources, MOST, _before(after, _OVERLAP))
    if _is_stamp(at):
        return Wanted(preview, sources, MOST, _before(at, _CONTEXT))
    return Wanted(preview, sources, max(lines, 1))


def _is_stamp(text: str) -> bool:
    if not _STAMP.fullmatch(text):
        return False
    try:
        timing.seconds(text)
    except ValueError:
        return False
    return True


def _before(stamp: str, seconds: float) -> str:
    """Some time before a line; a build's output is sent as a whole."""
    if stamp.startswith(_FILES_BEGIN):
        return ""
    return timing.stamp(timing.seconds(stamp) - seconds).replace("Z", ".000000000Z")


def as_events(source: Source, asked: Wanted) -> Response:
    """The lines there are, then every line as it is written."""
    return StreamingResponse(_events(source, asked), media_type=TYPE, headers={"X-Accel-Buffering": "no"})


async def _events(source: Source, asked: Wanted) -> AsyncIterator[str]:
    if _limiter.available_tokens < 1:
        yield event("problem", "too many logs are being followed: close some")
        return
    feed: Feed = await to_thread.run_sync(source.follow, asked, limiter=_limiter)
    lines = iter(feed)
    try:
        while (batch := await to_thread.run_sync(_next, lines, limiter=_limiter)) is not None:
            yield (
                event("lines", [as_row(line) for line in batch], batch[-1].stamp)
                if batch
                else ": still here\n\n"
            )
    finally:
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(feed.close)


def _next(lines: Iterator[Sequence[Line]]) -> Sequence[Line] | None:
    return next(lines, None)


def as_row(line: Line) -> list[object]:
    """A line as the page wants it: stamp, source, text, and 1 for a line of ours."""
    return [line.stamp, line.source, line.text, 1] if line.event else [line.stamp, line.source, line.text]


def as_download(source: Source, asked: Wanted) -> Response:
    """The lines there are, as a file. Its name holds nothing that a header could be split with."""
    lines = source.read(asked)
    text = "".join(f"{line.stamp} {line.source} | {line.text}\n" for line in lines)
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", "-".join((asked.preview, *asked.sources)))[:100]
    return PlainTextResponse(text, headers={"Content-Disposition": f'attachment; filename="{name}.log"'})
