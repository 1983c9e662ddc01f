"""Containers' output, merged in the order in which it was written."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence

import docker

from galley_iac.engine.live import LiveContainer

Line = tuple[str, str]
"""Service and text."""


def history(client: docker.DockerClient, containers: Sequence[LiveContainer], tail: int) -> Iterator[Line]:
    """The last ``tail`` lines of each, merged by the time the engine noted for each."""
    stamped = [entry for container in containers for entry in _past(client, container, tail)]
    for _, service, text in sorted(stamped, key=lambda entry: entry[0]):
        yield service, text


def follow(client: docker.DockerClient, containers: Sequence[LiveContainer], tail: int) -> Iterator[Line]:
    """The same, and then every line as it is written, until all have ended."""
    yield from history(client, containers, tail)
    lines: queue.Queue[Line | None] = queue.Queue()
    for container in containers:
        threading.Thread(target=_pump, args=(client, container, lines), daemon=True).start()
    running = len(containers)
    while running:
        line = lines.get()
        if line is None:
            running -= 1
        else:
            yield line


def _past(client: docker.DockerClient, container: LiveContainer, tail: int) -> Iterable[tuple[str, str, str]]:
    output: bytes = client.api.logs(container.id, timestamps=True, tail=tail)
    for line in output.removesuffix(b"\n").split(b"\n") if output else ():
        stamp, _, text = _text(line).partition(" ")
        yield stamp, container.service, text


def _pump(client: docker.DockerClient, container: LiveContainer, lines: queue.Queue[Line | None]) -> None:
    """A container that goes away meanwhile has ended too."""
    try:
        for line in _stream(client, container):
            lines.put((container.service, line))
    except (docker.errors.DockerException, OSError):
        pass
    finally:
        lines.put(None)


def _stream(client: docker.DockerClient, container: LiveContainer) -> Iterator[str]:
    buffer = b""
    for chunk in client.api.logs(container.id, stream=True, follow=True, tail=0):
        *whole, buffer = (buffer + chunk).split(b"\n")
        yield from map(_text, whole)
    if buffer:
        yield _text(buffer)


def _text(line: bytes) -> str:
    """A line ends with a line feed and nothing else: a progress bar's carriage returns stay within it."""
    return line.decode("utf-8", "replace").rstrip("\r")
