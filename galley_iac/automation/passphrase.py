"""What encrypts the secrets in a stack's configuration and state."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from galley_iac import home

PHRASE, FILE = "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"


def is_given() -> bool:
    """Whether the environment has one."""
    return PHRASE in os.environ or FILE in os.environ


def own() -> Path:
    """The key that encrypts secrets in local state: made once, readable by its owner only.

    Linked into place whole, so that of two first runs at once both read the same key.
    """
    path = home.home() / "key"
    if not path.exists():
        draft = path.with_name(f".key.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path


def material() -> bytes:
    """What a digest over secrets is keyed with: who can compute it can read them anyway. OSError where the
    named file cannot be read.
    """
    given = [os.environ.get(PHRASE, ""), os.environ.get(FILE, "")]
    file = Path(given[1]) if given[1] else own()
    return "\0".join([*given, file.read_text(encoding="utf-8")]).encode()
