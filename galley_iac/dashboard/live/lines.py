"""Containers' logs and build logs as stamped lines: what there is already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import docker

from galley_iac.dashboard.model import Line
from galley_iac.engine.logs import entries, stamped
from galley_iac.timing import parse

Mask = Callable[[str], str]


def container_lines(
    client: docker.DockerClient, container: str, service: str, *, tail: int, since: str, mask: Mask
) -> list[Line]:
    """The last ``tail`` lines of a container that are later than ``since``; none when it is gone."""
    try:
        output: bytes = client.api.logs(container, timestamps=True, tail=entries(tail), **from_second(since))
    except docker.errors.APIError:
        return []
    lines = [line for line in whole_lines([output], service, mask) if line.stamp > since]
    return lines[-tail:] if tail else []


def from_second(stamp: str) -> dict[str, int]:
    """The engine's option for "later than": it takes whole seconds, the caller leaves the rest out."""
    return {"since": int(parse(stamp).timestamp())} if stamp else {}


def whole_lines(chunks: Iterable[bytes], service: str, mask: Mask) -> Iterator[Line]:
    """Lines, each with the engine's time before it, out of chunks that end anywhere.

    The engine leaves no zero out at the end of a time, so that times sort as text.
    """
    for text in split(chunks):
        stamp, rest = stamped(text)
        yield Line(stamp, service, mask(rest))


def split(chunks: Iterable[bytes]) -> Iterator[str]:
    """Texts of lines that are not empty, without their ends; the last one need not have one."""
    buffer = b""
    for chunk in chunks:
        *whole, buffer = (buffer + chunk).split(b"\n")
        yield from (text.decode("utf-8", "replace").rstrip("\r") for text in whole if text)
    if buffer:
        yield buffer.decode("utf-8", "replace").rstrip("\r")


def file_lines(path: Path, source: str, mask: Mask) -> list[Line]:
    """A build's output, empty when there is none."""
    try:
        texts = split([path.read_bytes()])
    except OSError:
        return []
    return [numbered(source, number, mask(text)) for number, text in enumerate(texts, 1)]


def numbered(source: str, number: int, text: str) -> Line:
    """A line of a file, which has no times: its number stands for the time, so that it sorts and can be
    linked.
    """
    seconds, rest = divmod(number, 10**6)
    return Line(f"1970-01-01T00:{seconds // 60:02d}:{seconds % 60:02d}.{rest * 1000:09d}Z", source, text)
