"""What the engine's host has, and how much of it previews may use by their limits."""

from __future__ import annotations

from collections.abc import Iterable

import docker

from galley_iac.engine import host
from galley_iac.engine.live import Live, LiveContainer
from galley_iac.life.room import Host, Size

_ON_THIS_MACHINE = "http+docker://localhost"
"""The base URL of a client that speaks to a unix socket: no other engine's folders can be seen from here."""

_RUNNING = "running"


def capacity(client: docker.DockerClient) -> Host:
    """The host's CPUs and memory, and the free space where the engine keeps its data."""
    info = client.info()
    local = client.api.base_url == _ON_THIS_MACHINE
    return Host(info["NCPU"], info["MemTotal"], host.disk_free(info["DockerRootDir"]) if local else None)


def size(live: Live) -> Size:
    """What a preview may use now: nothing while it sleeps.

    One that is awake counts with all its services, also with one that has crashed: it will be started again.
    Jobs and checks count while they run.
    """
    if not live.awake:
        return _sum(c for c in live.containers if c.state == _RUNNING)
    return _sum(c for c in live.containers if c in live.lasting or c.state == _RUNNING)


def lasting(live: Live) -> Size:
    """What its services and its router may use when all of them run."""
    return _sum(live.lasting)


def _sum(containers: Iterable[LiveContainer]) -> Size:
    found = list(containers)
    return Size(sum(c.cpu_limit for c in found), sum(c.memory_limit for c in found))
