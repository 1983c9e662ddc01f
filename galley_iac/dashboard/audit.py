"""Who did what, when and from where: a line of JSON each in a file that is only ever added to."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from galley_iac import home, timing


@dataclass(frozen=True)
class Asked:
    """Somebody who asks for something: ``how`` is bearer, session or proxy."""

    who: str
    how: str
    came_from: str


class Audit:
    """Writes each line with one call, so that lines of several processes do not mix."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or home.home() / "audit.log"

    def record(self, asked: Asked, action: str, result: str, **more: str) -> None:
        """Adds a line; ``result`` is asked, done, failed or refused."""
        entry = {
            "at": timing.stamp(time.time()),
            "who": asked.who,
            "how": asked.how,
            "from": asked.came_from,
            "action": action,
            **more,
            "result": result,
        }
        line = (json.dumps(entry, ensure_ascii=True) + "\n").encode()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)
