"""The curl walk-through of an example's README: what to type, and what comes back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Walkthrough:
    """What to type and what comes back.

    `commands` are lines for a shell in which URL is the preview's address; `answer` is all that they print,
    to the letter, on a fresh preview.
    """

    commands: str
    answer: str


def read(readme: Path) -> Walkthrough:
    """The first `sh` block of a README and the first `text` block, which follows it."""
    blocks = dict(reversed(_FENCE.findall(readme.read_text(encoding="utf-8"))))  # the first one stays
    return Walkthrough(blocks["sh"], blocks["text"])
