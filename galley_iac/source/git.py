"""Runs git: it asks for nothing, runs no hook, and fetches nothing but what it is told to."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

LOCAL, REMOTE = 60.0, 600.0
"""Seconds that git may take, without and with much to fetch."""

_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1", "LC_ALL": "C"}
"""It asks for no password, fetches nothing from where a commit's own files say, and speaks one language."""

_NO_HOOKS = ("-c", "core.hooksPath=/dev/null", "-c", "submodule.recurse=false")
_NOT_FOUND, _TIMED_OUT = 127, 124


@dataclass(frozen=True)
class Ran:
    """How git ended: ``code`` is 0 where all is well, ``out`` is what it printed, ``err`` its complaint."""

    code: int
    out: bytes
    err: str


def run(folder: Path, *arguments: str, within: float = LOCAL) -> Ran:
    """One command in a folder; where there is no git, or no end within so many seconds, that is its error."""
    command = ["git", "-C", str(folder), *_NO_HOOKS, *arguments]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            timeout=within,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **_QUIET},
        )
    except FileNotFoundError:
        return Ran(_NOT_FOUND, b"", "there is no git on this machine")
    except subprocess.TimeoutExpired:
        return Ran(_TIMED_OUT, b"", f"no end within {within:.0f} s")
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace"))
