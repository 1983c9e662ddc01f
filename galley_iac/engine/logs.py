"""Containers' output, merged in the order in which it was written."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import docker

from galley_iac.engine.live import LiveContainer
from galley_iac.timing import parse

_PIECES = 8
"""Of 16 KiB: together the longest value that an environment can have."""

Line = tuple[str, str]
"""Service and text."""


def history(client: docker.DockerClient, containers: Sequence[LiveContainer], tail: int) -> Iterator[Line]:
    """The last ``tail`` lines of each, merged by the time the engine noted for each."""
    yield from ((entry.service, entry.text) for entry in _merged(client, containers, tail))


def follow(client: docker.DockerClient, containers: Sequence[LiveContainer], tail: int) -> Iterator[Line]:
    """The same, and then every line as it is written, until all have ended."""
    past = _merged(client, containers, tail)
    yield from ((entry.service, entry.text) for entry in past)
    last = {entry.service: entry.stamp for entry in past}
    lines: queue.Queue[Line | None] = queue.Queue()
    for container in containers:
        since = last.get(container.service, "")
        threading.Thread(target=_pump, args=(client, container, since, lines), daemon=True).start()
    running = len(containers)
    while running:
        line = lines.get()
        if line is None:
            running -= 1
        else:
            yield line


class Entry(NamedTuple):
    """A line with the time that the engine noted for it: always nine digits, so that text order is time's."""

    stamp: str
    service: str
    text: str


def _merged(client: docker.DockerClient, containers: Sequence[LiveContainer], tail: int) -> list[Entry]:
    past = (entry for container in containers for entry in _past(client, container, tail))
    return sorted(past, key=lambda entry: entry.stamp)


def _past(client: docker.DockerClient, container: LiveContainer, tail: int) -> Iterable[Entry]:
    output: bytes = client.api.logs(container.id, timestamps=True, tail=entries(tail))
    lines = output.removesuffix(b"\n").split(b"\n") if output else []
    return [_entry(container, line) for line in lines[-tail:]] if tail else []


def entries(lines: int) -> int:
    """How much to ask for so that the last ``lines`` are whole: the engine counts a long line's pieces.

    A secret that is cut would not be recognised, and shown.
    """
    return lines * _PIECES + 1


def stamped(line: str) -> tuple[str, str]:
    """The time that the engine noted for a line, and the line itself, whole.

    The engine notes the time before each piece of a long line: the same one, in the midst of the text.
    """
    stamp, _, text = line.partition(" ")
    return stamp, text.replace(f"{stamp} ", "")


def _entry(container: LiveContainer, line: bytes) -> Entry:
    stamp, text = stamped(_text(line))
    return Entry(stamp, container.service, text)


def _pump(
    client: docker.DockerClient, container: LiveContainer, last: str, lines: queue.Queue[Line | None]
) -> None:
    """Passes on what comes after ``last``. A container that goes away meanwhile has ended too."""
    try:
        for line in _stream(client, container, last):
            entry = _entry(container, line)
            if entry.stamp > last:
                lines.put((entry.service, entry.text))
    except (docker.errors.DockerException, OSError):
        pass
    finally:
        lines.put(None)


def _stream(client: docker.DockerClient, container: LiveContainer, last: str) -> Iterator[bytes]:
    """From the second of the last line on, which comes again, so that nothing is lost in between."""
    since = {"since": int(parse(last).timestamp())} if last else {"tail": 0}
    buffer = b""
    for chunk in client.api.logs(container.id, stream=True, follow=True, timestamps=True, **since):
        *whole, buffer = (buffer + chunk).split(b"\n")
        yield from whole
    if buffer:
        yield buffer


def _text(line: bytes) -> str:
    """A line ends with a line feed and nothing else: a progress bar's carriage returns stay within it."""
    return line.decode("utf-8", "replace").rstrip("\r")
