"""Paths as a manifest may write them: relative, with slashes. Lexical only: nothing here looks at a disk."""

from __future__ import annotations

import posixpath
import re

_LONGEST = 255  # what one name in a folder can have on Linux; a real path is far shorter
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|git@|github\.com/")


class PathError(ValueError):
    """The text is no path inside a repository; ``remedy`` says what to write."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def normalise(path: str) -> str:
    """``./api/`` as ``api``, ``./`` as ``.``, ``a/../b`` as ``b``. A leading ``..`` stays: see
    :func:`inside`.

    Raises PathError for what can be no path inside a repository: absolute, remote, with control characters.
    """
    if not path.strip():
        raise PathError("is empty", "write a path relative to this file, such as `./`")
    if not path.isprintable():
        raise PathError("contains a control character", "write a path of printable characters")
    if len(path) > _LONGEST:
        raise PathError("is too long", f"write a path of at most {_LONGEST} characters")
    if _is_remote(path):
        raise PathError("is remote", "write a folder of this repository; a preview is built from its branch")
    if _is_absolute(path):
        raise PathError("is absolute", "write a path relative to this file, such as `./api`")
    if "\\" in path:
        raise PathError("contains a backslash", "separate folders with `/`")
    normal = posixpath.normpath(path)
    # A folder may really be called `~` or `git@x`; without the `./` it would be taken for what it looks like.
    return f"./{normal}" if _is_remote(normal) or _is_absolute(normal) else normal


def inside(base: str, path: str) -> str | None:
    """``path`` seen from ``base``, as a path from the repository's root; None when it leads out of the
    repository.

    ``base`` is the folder that ``path`` is relative to, itself relative to the root (``.`` is the root).
    Symbolic links are the caller's business: this is about the text alone.
    """
    joined = posixpath.normpath(posixpath.join(base, path))
    return None if joined.startswith(("../", "/")) or joined == ".." else joined


def _is_remote(path: str) -> bool:
    return _REMOTE.match(path) is not None


def _is_absolute(path: str) -> bool:
    return path.startswith(("/", "~")) or _DRIVE.match(path) is not None
