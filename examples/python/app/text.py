"""The work itself: a pure function of the text, so that anybody can check a result."""

from __future__ import annotations

import hashlib
from typing import TypedDict


class Measurement(TypedDict):
    """What is known about a text: counts of words and of characters, and the SHA-256 of its UTF-8 bytes."""

    words: int
    characters: int
    sha256: str


def measure(text: str) -> Measurement:
    """Count the words (runs of non-space) and characters of `text`, and digest it."""
    return {
        "words": len(text.split()),
        "characters": len(text),
        "sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
    }
