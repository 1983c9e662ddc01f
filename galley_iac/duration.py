"""Durations of a preview's life as people write and read them: ``2d``, ``1w``, ``36h``; ``6 d 23 h``."""

from __future__ import annotations

import re

MINUTE, HOUR, DAY, WEEK = 60.0, 3600.0, 86400.0, 604800.0
LONGEST = 520 * WEEK
"""Ten years: more is a typing error, and what never ends is pinned."""

_FORM = re.compile(r"(?:(\d{1,9})w)?(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", re.ASCII)
_UNITS = (WEEK, DAY, HOUR, MINUTE, 1.0)
_STEPS = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (1.0, "s"))
_SHOWN = 2


def parse(written: str) -> float | None:
    """``2d``, ``1w``, ``1d12h``, ``90m`` or ``30s`` as seconds; None when it is none, or beyond ten years.

    A number without a unit is refused: in a health check it is seconds, in a preview's life anybody's guess.
    """
    found = _FORM.fullmatch(written)
    if found is None:
        return None
    total = sum(int(count) * unit for count, unit in zip(found.groups(), _UNITS, strict=True) if count)
    return total if 0 < total <= LONGEST else None


def text(seconds: float) -> str:
    """The two largest units that count: ``6 d 23 h``, ``5 min``, ``0 s``; a negative one counts as none."""
    left = max(round(seconds), 0)
    parts: list[tuple[int, str]] = []
    for size, unit in _STEPS:
        count, left = divmod(left, round(size))
        if count or parts:
            parts.append((count, unit))
    shown = [f"{count} {unit}" for count, unit in parts[:_SHOWN] if count]
    return " ".join(shown) or "0 s"
