"""Text in a Pulumi configuration map, exactly as it was given.

``pulumi config set --path`` makes a number of ``0755`` and a boolean of ``true``; a secret can have no type.
So what it would not leave alone is stored as a JSON string.
"""

from __future__ import annotations

import json
import re

_CONVERTED = re.compile(r"[+-]?[0-9]+|true|false|\".*|.*\s", re.DOTALL)
"""Integers, booleans, what looks like a JSON string, and trailing white space, which a pipe loses."""


def quoted(value: str) -> str:
    """What to store so that :func:`unquoted` gives ``value``."""
    return json.dumps(value) if _CONVERTED.fullmatch(value) else value


def unquoted(stored: object) -> str:
    """The text that was given; a plain number or boolean, set by hand, as JSON writes it."""
    if not isinstance(stored, str):
        return json.dumps(stored)
    if stored.startswith('"') and stored.endswith('"') and len(stored) > 1:
        try:
            return str(json.loads(stored))
        except ValueError:
            return stored
    return stored
