"""How much room this host has promised to which preview.

The promise is the content of the file that an update of the preview holds locked. While that is so, it
counts as taken, though the containers may not be there yet; when the process ends, however it does, it counts
no more. What stays in the file says that objects of the preview were made from here: the garbage collection
must not take what was made from elsewhere, by another home or another host that uses the same engine.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from galley_iac import home
from galley_iac.life.room import Size

_ADMISSION = ".host"
"""No preview's name begins with a dot."""


@contextlib.contextmanager
def admission() -> Iterator[None]:
    """Held while it is decided who gets room: of two that ask at once, the second sees the first's claim."""
    with home.lock(_ADMISSION).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True)
class Claim:
    """What a preview was promised, and of which project it is."""

    project: str
    size: Size


def claim(preview: str, project: str, size: Size) -> None:
    """Promises room; to be called with the preview held. A size of nothing says only that it is ours."""
    text = json.dumps({"project": project, "cpus": size.cpus, "memory": size.memory})
    home.lock(preview).write_text(text, encoding="utf-8")


def disclaim(preview: str) -> None:
    """Nothing of the preview is left."""
    home.lock(preview).write_text("", encoding="utf-8")


def is_claimed(preview: str) -> bool:
    """Whether there may be objects of the preview that were made from here."""
    return _read(home.lock(preview)) is not None


def in_flight() -> dict[str, Claim]:
    """Every preview that a command of this host is working on, with what it was promised."""
    found = {}
    for path in home.locks().iterdir():
        promised = _read(path)
        if promised is not None and _is_held(path):
            found[path.name] = promised
    return found


def is_held(preview: str) -> bool:
    """Whether a command of this host is working on the preview right now."""
    path = home.lock(preview)
    return path.exists() and _is_held(path)


def _read(path: Path) -> Claim | None:
    with contextlib.suppress(FileNotFoundError, ValueError, KeyError, TypeError):
        document = json.loads(path.read_text(encoding="utf-8"))
        return Claim(str(document["project"]), Size(float(document["cpus"]), int(document["memory"])))
    return None


def _is_held(path: Path) -> bool:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
