"""How a secret gets to the docker plugin, and a build's output back, without touching a disk.

The provider takes a build's secret from a file and writes the build's log to one. Both files are descriptors
of this process, named below /proc, which only this user (and root) may open: a value is in memory alone, and
a log reaches the disk masked. They are gone with this process, however it ends.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from galley_iac.errors import MachineError

_LONGEST_LINE = 1 << 20
"""Bytes that are read at once: a value that is cut in two would not be recognised."""


class Handover:
    """Everything that one update hands over; leaving it, or :meth:`close`, takes all of it back."""

    def __init__(self) -> None:
        self._descriptors: list[int] = []
        self._readers: list[threading.Thread] = []

    def __enter__(self) -> Handover:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def value(self, text: str) -> str:
        """The path of a file with exactly this text. Raises MachineError where there are none in memory."""
        if not hasattr(os, "memfd_create"):
            raise MachineError("a build's secrets need Linux", "build on Linux, or without `build.secrets`")
        descriptor = os.memfd_create("galley")
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(text.encode())
        return self._path(descriptor)

    def log(self, target: Path, mask: Callable[[str], str]) -> str:
        """The path of a file to write to; what is written is appended to ``target``, masked, line by line."""
        source, sink = os.pipe()
        reader = threading.Thread(target=_copy, args=(source, target, mask), daemon=True)
        reader.start()
        self._readers.append(reader)
        return self._path(sink)

    def close(self) -> None:
        """Waits until all that was written has arrived."""
        for descriptor in self._descriptors:
            os.close(descriptor)
        for reader in self._readers:
            reader.join()
        self._descriptors, self._readers = [], []

    def _path(self, descriptor: int) -> str:
        self._descriptors.append(descriptor)
        return f"/proc/{os.getpid()}/fd/{descriptor}"


def _copy(source: int, target: Path, mask: Callable[[str], str]) -> None:
    with os.fdopen(source, "rb") as lines, target.open("a", encoding="utf-8") as file:
        while line := lines.readline(_LONGEST_LINE):
            file.write(mask(line.decode("utf-8", "replace")))
            file.flush()
