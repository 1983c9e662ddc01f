"""What a run leaves: a JSON document with every single time, and on what it was measured."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.figures import Sample

_ROOT = Path(__file__).parent.parent


def document(samples: Sequence[Sample], **about: Any) -> dict[str, Any]:
    """``about`` is what the run was asked for, its versions and its machine."""
    return {**about, "samples": [dataclasses.asdict(sample) for sample in samples]}


def save(path: Path, content: Mapping[str, Any]) -> None:
    """Writes it; the folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    """Processors, memory in bytes, kernel, and the load before the run, which says how idle it was."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    load = [round(value, 2) for value in os.getloadavg()]
    return {
        "processors": os.cpu_count(),
        "memory": pages * size,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load": load,
    }


def commit() -> str:
    """The checkout's commit, with ``+`` where files differ from it; empty where that cannot be told."""
    sha = _git("rev-parse", "HEAD")
    return f"{sha}+" if sha and _git("status", "--porcelain", "--untracked-files=no") else sha


def _git(*words: str) -> str:
    done = subprocess.run(["git", "-C", str(_ROOT), *words], capture_output=True, text=True, check=False)
    return done.stdout.strip()
