"""How a container that has been started again ended before: its own record only knows the present run."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass

import docker

from galley_iac.engine.live import LiveContainer


@dataclass(frozen=True)
class Death:
    """The last end of a restarted container; ``exit_code`` is None when the engine has forgotten it."""

    exit_code: int | None
    oom_killed: bool


def last_death(client: docker.DockerClient, container: LiveContainer) -> Death:
    """From the engine's log of events, which holds the latest few hundred."""
    code, out_of_memory = None, container.oom_killed
    filters = {"container": container.id, "event": ["die", "oom"]}
    with contextlib.suppress(docker.errors.APIError):
        for event in client.api.events(since=1, until=f"{time.time():.6f}", filters=filters, decode=True):
            out_of_memory |= event["Action"] == "oom"
            code = event["Actor"]["Attributes"].get("exitCode", code)
    return Death(None if code is None else int(code), out_of_memory)
