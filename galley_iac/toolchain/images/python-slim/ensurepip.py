"""Installs the pip wheel that this image carries, as the standard library's ensurepip would."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_WHEELS = Path("/usr/local/share/python-wheels")


def version() -> str:
    """The version of the wheel carried."""
    return _wheel().name.split("-")[1]


def bootstrap(**_options: object) -> None:
    """Install pip into the running interpreter's prefix, without touching the network."""
    command = [sys.executable, str(_wheel() / "pip"), "install", "--quiet", "--no-index", "--no-cache-dir"]
    subprocess.run([*command, "--root-user-action=ignore", "--find-links", _WHEELS, "pip"], check=True)


def _wheel() -> Path:
    return next(_WHEELS.glob("pip-*.whl"))
