"""Text with a unit → a number: durations, amounts of memory, numbers of CPUs."""

from __future__ import annotations

import re

SMALLEST_MEMORY = 6 * 1024**2
"""Docker refuses to start a container with less."""

LARGEST_MEMORY = 2**53
"""More than any machine has; JSON's numbers are exact up to here."""

_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_MEMORY = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([kmgt])(?:i?b)?|([kmgt])i|b)?", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+", re.ASCII)
_LONGEST = 32


def seconds(text: str) -> float | None:
    """``30s``, ``1m30s``, ``500ms`` or a plain number of seconds as seconds; None when it is none of
    these.
    """
    if len(text) > _LONGEST:
        return None
    if _NUMBER.fullmatch(text):
        return float(text)
    parts = list(_DURATION_PART.finditer(text))
    if not parts or "".join(part.group() for part in parts) != text:
        return None
    return round(sum(float(part[1]) * _SECONDS[part[2]] for part in parts), 3)


def memory(text: str) -> int | None:
    """``512m``, ``1g``, ``512Mi`` or a plain number of bytes as bytes; None when it is none of these.

    Units are powers of 1024 however they are written, as Docker reads them.
    """
    found = _MEMORY.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    unit = (found[2] or found[3] or "").lower()
    return int(float(found[1]) * 1024 ** " kmgt".index(unit or " "))


def cpus(text: str) -> float | None:
    """``0.5`` or ``2`` as a number; None when it is none."""
    return float(text) if len(text) <= _LONGEST and _NUMBER.fullmatch(text) else None


def memory_text(size: int) -> str:
    """The shortest way to write ``size`` bytes without loss: ``1g``, ``512m``, ``1500k``, ``7000001``."""
    for power, unit in ((3, "g"), (2, "m"), (1, "k")):
        if size % 1024**power == 0:
            return f"{size // 1024**power}{unit}"
    return str(size)


def seconds_text(value: float) -> str:
    """A duration as it is written in a manifest: ``30s``, ``1.5s``."""
    return f"{value:.3f}".rstrip("0").rstrip(".") + "s"
