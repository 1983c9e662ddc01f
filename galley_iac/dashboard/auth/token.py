"""The token that lets one act: made once, readable by its owner only."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from galley_iac import home

_BYTES = 32


def path() -> Path:
    """Where it is kept. To change it, remove the file and start the dashboard again."""
    return home.home() / "dashboard-token"


def ensure() -> tuple[str, bool]:
    """The token, and whether it was made just now.

    Linked into place whole, so that of two first starts at once both read the same one.
    """
    place = path()
    made = False
    if not place.exists():
        draft = place.with_name(f".dashboard-token.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(_BYTES) + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(draft, place)
            made = True
        draft.unlink()
    return place.read_text(encoding="utf-8").strip(), made
