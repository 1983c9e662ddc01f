"""The readiness probe: one file of standard Python that runs in a container of its own, inside a preview's
network.
"""

from __future__ import annotations

from pathlib import Path

PATH = "/galley-probe.py"
"""Where the script lies in the probe's container."""


def script() -> str:
    """The text that is put into the probe's container."""
    return Path(__file__).with_name("ready.py").read_text(encoding="utf-8")
