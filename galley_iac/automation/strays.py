"""Containers that somebody took from their preview's network.

Pulumi never looks for that, not even with a refresh. So they are removed, and the update makes them anew.
"""

from __future__ import annotations

import contextlib
import dataclasses

import docker

from galley_iac.automation.repair import Found
from galley_iac.engine.live import Live, observe


def remove_strays(client: docker.DockerClient, preview: str, found: Found) -> Found:
    """What there is afterwards; to be called with the preview held."""
    gone = strays(found.live)
    for identifier in sorted(gone):
        with contextlib.suppress(docker.errors.NotFound):
            client.api.remove_container(identifier, v=True, force=True)
    return dataclasses.replace(found, live=observe(client, preview)) if gone else found


def strays(live: Live) -> frozenset[str]:
    """Their ids."""
    own = {network.name for network in live.networks}
    known = [container for container in live.containers if own and container.networks is not None]
    return frozenset(container.id for container in known if not own & (container.networks or set()))
