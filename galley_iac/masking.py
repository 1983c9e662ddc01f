"""Known secret values are never shown: not in a report, not in a log, not on a page."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Iterable
from urllib.parse import quote

MASK = "********"
SHORTEST = 3
"""A shorter value is not masked: it would blot out half of any text, and protects nothing."""


_LONG, _BLOCK = 1024, 32
_REPEATED = re.compile(r"(\*{8})+")


class Masker:
    """Replaces known values; longest first, so that no part of one is left where another begins alike."""

    def __init__(self, values: Iterable[str]) -> None:
        forms = {form for value in values for form in _forms(value) if len(form) >= SHORTEST}
        self._forms: Collection[str] = sorted(forms, key=lambda form: (-len(form), form))

    def __call__(self, text: str) -> str:
        """The text with every known value masked."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return _REPEATED.sub(lambda _: MASK, text)


def _forms(value: str) -> Iterable[str]:
    """As it is, and line by line, since logs are read by lines; as URLs, JSON and base64 have it."""
    for part in (value, *value.splitlines()):
        yield part
        yield quote(part, safe="")
        yield json.dumps(part)[1:-1]
        yield json.dumps(part, ensure_ascii=False)[1:-1]
    yield base64.b64encode(value.encode()).decode()
    yield from _blocks(value)


def _blocks(value: str) -> Iterable[str]:
    """A long value is often cut, by a builder or a terminal: less than two blocks of a piece can be left."""
    starts = range(0, len(value) - _BLOCK + 1, _BLOCK) if len(value) > _LONG else ()
    return (value[start : start + _BLOCK] for start in starts)
