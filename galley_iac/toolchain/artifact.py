"""A folder that is there whole or not at all, with a note of what it was made from.

It is filled under another name and renamed when complete: an interrupted set-up leaves nothing half done.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

_STAMP = "galley.json"
_DRAFT = ".galley-draft-"


@dataclass(frozen=True)
class Stamp:
    """What a folder holds. ``key`` changes whenever it would have to be made again."""

    version: str
    key: str
    source: str


def read_stamp(folder: Path) -> Stamp | None:
    """The note in the folder; None where the folder is not one of ours."""
    try:
        return Stamp(**json.loads((folder / _STAMP).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write_stamp(folder: Path, stamp: Stamp) -> None:
    """Leaves the note: the last thing that is done to a folder."""
    (folder / _STAMP).write_text(json.dumps(asdict(stamp), indent=1) + "\n")


def ensure(folder: Path, version: str, key: str, make: Callable[[Path], str]) -> Stamp:
    """The folder with this key; ``make(draft)`` fills it if need be and returns where that is from."""
    present = read_stamp(folder)
    if present is not None and present.key == key:
        return present
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _draft(folder) as draft:
        stamp = Stamp(version, key, make(draft))
        write_stamp(draft, stamp)
        _replace(draft, folder)
    return stamp


@contextmanager
def lock(path: Path, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Holds the file's lock; ``on_wait`` is told when another process has it. A dead process holds none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait(
                f"another set-up is running (process {path.read_text().strip() or 'unknown'}): waiting for it"
            )
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """A new folder beside the final one: a rename does not cross file systems. Earlier drafts are removed."""
    for stale in folder.parent.glob(f"{_DRAFT}{folder.name}-*"):
        shutil.rmtree(stale, ignore_errors=True)
    draft = folder.with_name(f"{_DRAFT}{folder.name}-{os.getpid()}")
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _replace(draft: Path, folder: Path) -> None:
    """A folder cannot be renamed onto a full one: the old one steps aside first."""
    if folder.exists():
        aside = folder.with_name(f"{_DRAFT}{folder.name}-{os.getpid()}-{time.time_ns()}")
        folder.rename(aside)
        draft.rename(folder)
        shutil.rmtree(aside, ignore_errors=True)
    else:
        draft.rename(folder)
