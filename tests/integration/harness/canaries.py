"""Values that are hard to keep, and the forms in which a text could hold them."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path
from urllib.parse import quote

MARK = f"canary{secrets.token_hex(6)}"
"""Begins a part of every secret value that is long enough to look for."""

PLAIN = f"plain{secrets.token_hex(6)}"
"""No secret: every search has to find it in the same place first."""

VALUES = {
    "LINES": f"-----BEGIN {MARK}-----\n{secrets.token_hex(20)}\n  indented {MARK}\n-----END-----",
    "SIGNS": f"""{MARK}"double"'single'$HOME${{X}}#hash\\n%s&=;`id`!""",
    "UNICODE": f"{MARK}-größe-日本-🔑",
    "OCTAL": "0755",
    "TRUTH": "true",
    "LONG": f"{MARK}{secrets.token_hex(32 * 1024)}",
}
"""By name. OCTAL and TRUTH are too common to be looked for: they are there to arrive unchanged."""


def forms(value: str) -> set[str]:
    """As it is, as JSON, a URL and base64 have it, each line, and pieces of one that is long."""
    starts = range(0, len(value) - 64, 4096) if len(value) > 999 else ()
    lines = [line for line in value.splitlines() if MARK in line or len(line) > 30]
    pieces = [value[start : start + 64] for start in starts]
    found = {value, *lines, *pieces, quote(value, safe=""), json.dumps(value)[1:-1]}
    found.add(json.dumps(value, ensure_ascii=False)[1:-1])
    return found | {base64.b64encode(value.encode()).decode()}


FORMS = {name: forms(value) for name, value in VALUES.items() if MARK in value}


def leaked(text: str) -> set[str]:
    """The names of the values that a text holds in any form."""
    return {name for name, known in FORMS.items() if any(form in text for form in known)}


def searched(text: str) -> set[str]:
    """The same; the text has to hold the plain value, or else the search proves nothing."""
    assert PLAIN in text, "the plain value is not here: this search would find nothing"
    return leaked(text)


def files(folder: Path) -> str:
    """Everything below a folder, names too."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return "\n".join(f"{path}\n{path.read_text(errors='replace')}" for path in found)
