"""Which commit an update on this host is about, so that a newer one can ask it to stop."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from pathlib import Path

from galley_iac import home
from galley_iac.automation import locks


def register(preview: str, commit: str) -> None:
    """Notes that this process updates the preview; to be called with the preview held."""
    own = os.getpid()
    text = json.dumps({"process": own, "started": locks.started(own), "commit": commit})
    _file(preview).write_text(text, encoding="utf-8")


def ask_to_stop(preview: str, newest: str = "") -> bool:
    """Sends SIGTERM to the update of any commit but the newest, which then ends after what is in flight.

    Returns whether there was one. Only what ``galley ci`` has started is asked: a person's own ``galley up``
    goes on. One that has ended, or runs where its process cannot be seen, is waited for like any other.
    """
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        noted = json.loads(_file(preview).read_text(encoding="utf-8"))
        process, started = int(noted["process"]), str(noted["started"])
        if not started or noted["commit"] == newest or locks.started(process) != started:
            return False
        os.kill(process, signal.SIGTERM)
        return True
    return False


def forget(preview: str) -> None:
    """Takes this process's own note back."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        if json.loads(_file(preview).read_text(encoding="utf-8"))["process"] == os.getpid():
            _file(preview).unlink()


def _file(preview: str) -> Path:
    return home.locks() / f"{preview}.ci"
