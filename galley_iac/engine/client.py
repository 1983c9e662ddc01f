"""A connection to the engine, or the error that says what to do."""

from __future__ import annotations

import docker
from docker.errors import DockerException

from galley_iac.errors import MachineError

_TIMEOUT = 120
"""Seconds; an engine under load takes its time over stopping a container."""


def connect(host: str) -> docker.DockerClient:
    """A client of the engine at ``host`` (``unix://``, ``tcp://`` or ``ssh://``); MachineError when it is
    silent.
    """
    try:
        client = docker.DockerClient(
            base_url=host, timeout=_TIMEOUT, use_ssh_client=host.startswith("ssh://")
        )
        client.ping()
    except (DockerException, OSError) as error:
        raise MachineError(
            f"the Docker engine at {host} does not answer ({_reason(error)})",
            "start it, or name another with DOCKER_HOST; `galley doctor` shows what is there",
        ) from None
    return client


def _reason(error: BaseException) -> str:
    """The innermost cause in one line: the outer ones repeat it."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return str(getattr(error, "strerror", None) or error).splitlines()[0][:200]
