"""Whether a Docker engine answers."""

from __future__ import annotations

import docker
from docker.errors import DockerException

_TIMEOUT = 3
"""Seconds; a local engine answers within milliseconds, one behind ssh within a second."""


def answers(host: str) -> bool:
    """Asks the engine at ``host`` (``unix://``, ``tcp://`` or ``ssh://``); False for whatever goes wrong."""
    try:
        client = docker.DockerClient(
            base_url=host, timeout=_TIMEOUT, use_ssh_client=host.startswith("ssh://")
        )
    except (DockerException, OSError):
        return False
    try:
        return bool(client.ping())
    except (DockerException, OSError):
        return False
    finally:
        client.close()
