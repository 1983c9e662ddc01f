"""Raw events, as their makers write them: Pulumi's event log and the engine's own stream."""

from __future__ import annotations

import json
import shlex
import threading
from pathlib import Path

import docker

from tests.integration.harness.engine import Engine

_KEEPING = """\
#!/bin/sh
# Pulumi; its events go into a file of their own instead of to the caller.
previous=
for word do
    shift
    if [ "$previous" = --event-log ]; then set -- "$@" "$(mktemp {kept}/XXXXXX)"; else set -- "$@" "$word"; fi
    previous=$word
done
exec {real} "$@"
"""


def keeping_pulumi(real: Path, folder: Path) -> Path:
    """A program to name as the Pulumi command: as ``real``, and every event goes into ``folder``/events.

    Its caller hears of no event: an update succeeds or fails as ever, only without a word in between.
    """
    kept = folder / "events"
    kept.mkdir(parents=True)
    program = folder / "pulumi"
    program.write_text(_KEEPING.format(real=shlex.quote(str(real)), kept=shlex.quote(str(kept))))
    program.chmod(0o755)
    return program


class EngineEvents(threading.Thread):
    """Reads all that the engine tells, whosever it is, until it is ended."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(daemon=True)
        self._client = docker.DockerClient(base_url=engine.host)
        self._stream = self._client.events(decode=True)
        self._seen: list[str] = []

    def run(self) -> None:
        for event in self._stream:
            self._seen.append(json.dumps(event, ensure_ascii=False))

    def text(self) -> str:
        """All events so far, one on a line."""
        return "\n".join(self._seen)

    def end(self) -> None:
        """Stops listening."""
        self._stream.close()
        self.join(10)
        self._client.close()
