"""Running another program: its output line by line, and an error that says what it printed last."""

from __future__ import annotations

import os
import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

_TAIL = 15


class ToolError(Exception):
    """A program ended with an error; the text holds its last lines."""


class Runner(Protocol):
    """What the steps need of the operating system, so that tests can hand in another."""

    def run(
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> str:
        """Standard output and error together. ``env`` is added to the environment. Raises ToolError."""

    def which(self, program: str) -> Path | None:
        """Where the program is on PATH."""


class SystemRunner:
    """Runs programs for real."""

    def run(
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> str:
        """See :class:`Runner`. The program is ended when we are interrupted."""
        lines: list[str] = []
        with _start(command, cwd, env) as process:
            try:
                for line in process.stdout or ():
                    lines.append(line)
                    if on_line:
                        on_line(line.rstrip("\n"))
            except BaseException:
                process.terminate()
                raise
        if process.returncode:
            raise ToolError(_failure(command, process.returncode, lines))
        return "".join(lines)

    def which(self, program: str) -> Path | None:
        """See :class:`Runner`; the folders where Debian keeps programs for root are searched as well."""
        for folder in [*os.environ.get("PATH", "").split(os.pathsep), "/usr/sbin", "/sbin"]:
            candidate = Path(folder) / program
            if folder and candidate.is_file() and os.access(candidate, os.X_OK):
                return candidate
        return None


def _start(
    command: Sequence[str | Path], cwd: Path | None, env: Mapping[str, str] | None
) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise ToolError(f"{command[0]}: {error.strerror}") from None


def _failure(command: Sequence[str | Path], code: int, lines: Sequence[str]) -> str:
    tail = "".join(deque(lines, maxlen=_TAIL)).rstrip()
    words = " ".join(str(word) for word in command)
    return f"`{words[:200]}` ended with exit code {code}:\n{tail}"
