"""Deliveries without what differs from run to run: addresses, times, hashes and the database's numbers."""

from __future__ import annotations

import re
from typing import Any

FORGE, MOMENT = "https://forge.example.test", "2026-01-01T00:00:00Z"

_HASH = re.compile(r"\b[0-9a-f]{32,64}\b")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_UNSETTLED = {"size": 0, "mergeable": True}
"""Worked out beside the delivery, now earlier, now later."""


class Normal:
    """The same thing gets the same replacement everywhere, numbered in the order in which it comes up."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._hashes: dict[str, str] = {}
        self._numbers: dict[int, int] = {}

    def __call__(self, value: Any, key: str = "") -> Any:
        """A JSON value in normal form; ``key`` is the one it stands under."""
        if isinstance(value, dict):
            return {name: self(value[name], name) for name in sorted(value)}
        if isinstance(value, list):
            return [self(one, key) for one in value]
        if key in _UNSETTLED:
            return _UNSETTLED[key]
        if isinstance(value, str):
            return self._text(value)
        if key == "id" or key.endswith("_id"):
            return self._numbers.setdefault(value, len(self._numbers) + 1) if value else value
        return value

    def _text(self, text: str) -> str:
        moved = _TIME.sub(MOMENT, text.replace(self._url, FORGE))
        return _HASH.sub(lambda found: self._hash(found[0]), moved)

    def _hash(self, found: str) -> str:
        if not found.strip("0"):
            return found  # no commit at all
        number = f"{len(self._hashes) + 1:x}"
        return self._hashes.setdefault(found, number.rjust(len(found), "a"))
