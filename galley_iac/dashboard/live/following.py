"""Logs as they are written: several streams at once, whichever there are at the moment, in the order of
time.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import docker

from galley_iac.dashboard.live.lines import Mask, from_second, numbered, split, whole_lines
from galley_iac.dashboard.model import Line

_GATHER = 0.1
"""Seconds of lines that make one batch; within it they are put in order."""

_HEARTBEAT = 1.0
_LARGEST_BATCH = 2000
_QUEUE = 20_000
_POLL = 0.2


class Stream(Protocol):
    """One log from a moment on, until it has ended or was closed."""

    def lines(self, since: str) -> Iterator[Line]:
        """Every line that is later than ``since``."""

    def close(self) -> None:
        """Ends the iteration, from any thread."""


Streams = Callable[[], Mapping[str, tuple[str, Callable[[], Stream]]]]
"""The streams that there are at this moment: a key that changes with every run of a container → (source,
how to open it).
"""


class Following:
    """``past`` is what there is already of all that is later than ``since``, in order.

    Each stream goes on after the last line of its source. ``ended`` is told when it is closed.
    """

    def __init__(
        self, past: Sequence[Line], since: str, streams: Streams, ended: Callable[[Following], None]
    ) -> None:
        self._past, self._since, self._streams, self._ended = past, since, streams, ended
        self._queue: queue.Queue[Line] = queue.Queue(_QUEUE)
        self._open: dict[str, Stream] = {}
        self._closed = threading.Event()
        self._last: dict[str, str] = {}
        for line in past:
            self._last[line.source] = max(line.stamp, self._last.get(line.source, ""))

    def __iter__(self) -> Iterator[Sequence[Line]]:
        for start in range(0, len(self._past), _LARGEST_BATCH):
            yield self._past[start : start + _LARGEST_BATCH]
        self._past = ()
        while not self._closed.is_set():
            self._begin_new()
            yield self._batch()

    def close(self) -> None:
        """Ends the iteration and all streams, from any thread."""
        self._closed.set()
        for stream in list(self._open.values()):
            stream.close()
        self._ended(self)

    def put(self, line: Line) -> None:
        """Adds a line of ours; waits while the reader is too slow, until it goes away."""
        while not self._closed.is_set():
            with contextlib.suppress(queue.Full):
                self._queue.put(line, timeout=_HEARTBEAT)
                return

    def _begin_new(self) -> None:
        for key, (source, opened) in self._streams().items():
            if key not in self._open and not self._closed.is_set():
                self._open[key] = stream = opened()
                threading.Thread(target=self._pump, args=(source, stream), daemon=True).start()

    def _pump(self, source: str, stream: Stream) -> None:
        for line in stream.lines(self._last.get(source, self._since)):
            self._last[source] = line.stamp
            self.put(line)
            if self._closed.is_set():
                break

    def _batch(self) -> Sequence[Line]:
        """What comes within a moment after the first line; empty when nothing comes for a while."""
        try:
            found = [self._queue.get(timeout=_HEARTBEAT)]
        except queue.Empty:
            return ()
        end = time.monotonic() + _GATHER
        while len(found) < _LARGEST_BATCH and (left := end - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                found.append(self._queue.get(timeout=left))
        return sorted(found, key=lambda line: line.stamp)


class ContainerStream:
    """One run of a container: the engine ends the stream when the container ends."""

    def __init__(self, client: docker.DockerClient, container: str, service: str, mask: Mask) -> None:
        self._client, self._container, self._service, self._mask = client, container, service, mask
        self._response: Any = None

    def lines(self, since: str) -> Iterator[Line]:
        """As the protocol says; a container that goes away has ended."""
        with contextlib.suppress(docker.errors.DockerException, OSError, ValueError, AttributeError):
            self._response = self._client.api.logs(
                self._container, stream=True, follow=True, timestamps=True, **from_second(since)
            )
            for line in whole_lines(self._response, self._service, self._mask):
                if line.stamp > since:
                    yield line

    def close(self) -> None:
        """Ends the connection, which the reading thread waits on."""
        with contextlib.suppress(Exception):
            self._response.close()


class FileStream:
    """A file that grows: a build's output."""

    def __init__(self, path: Path, source: str, mask: Mask) -> None:
        self._path, self._source, self._mask = path, source, mask
        self._closed = threading.Event()

    def lines(self, since: str) -> Iterator[Line]:
        """As the protocol says: whole lines only. A file that becomes shorter is another build's, and all
        new.
        """
        number, place = 0, 0
        while not self._closed.wait(_POLL):
            content, begun = self._after(place)
            if begun < place:
                number, since = 0, ""
            whole = content[: content.rfind(b"\n") + 1]
            place = begun + len(whole)
            for text in split([whole]):
                number += 1
                line = numbered(self._source, number, self._mask(text))
                if line.stamp > since:
                    yield line

    def _after(self, place: int) -> tuple[bytes, int]:
        """What the file has after ``place``, and from where that is."""
        try:
            with self._path.open("rb") as file:
                begun = place if place <= file.seek(0, 2) else 0
                file.seek(begun)
                return file.read(), begun
        except OSError:
            return b"", place

    def close(self) -> None:
        """Ends the iteration."""
        self._closed.set()
