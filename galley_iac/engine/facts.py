"""What only the target can know of a plan: kept from the live preview, else chosen."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import docker

from galley_iac.engine import edges, free, host, labels, ownership
from galley_iac.engine.live import Live, observe
from galley_iac.plan.model import BuiltImage, Image, Plan
from galley_iac.plan.router import LISTEN_PORT
from galley_iac.plan.settings import DEFAULT_POOL


@dataclass(frozen=True)
class Facts:
    """``built`` holds the tags that the engine already has; ``runs`` the run label of every job and probe."""

    subnet: str
    router_port: int
    built: frozenset[str] = frozenset()
    runs: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """By (service, role): the label of a run that exited with 0, so that it is not run again."""
    anew: bool = False
    """Whether every image is to be built, from the first step on, whatever the engine has."""
    edge_address: str = ""
    """Where the edge is on the network that it has in common with the router; empty without one."""

    def run(self, service: str, role: str) -> str:
        """The run label: the successful run's, else a new one, which makes the container a new one too."""
        return self.runs.get((service, role)) or secrets.token_hex(4)


def gather(client: docker.DockerClient, plan: Plan, pool: str = DEFAULT_POOL, *, anew: bool = False) -> Facts:
    """Reads the engine. Raises UsageError when the preview's name is taken by another identity."""
    live = observe(client, plan.name)
    ownership.refuse_foreign(plan.name, plan.preview.identity, live.identities)
    return Facts(
        subnet=subnet(client, live, plan.name, pool),
        router_port=_router_port(client, live, plan),
        built=present(client, plan.built_images),
        anew=anew,
        edge_address=edges.address(client, plan.router.edge) if plan.router and plan.router.edge else "",
        runs={
            (c.service, c.role): c.run for c in live.containers if c.run and _succeeded(c.state, c.exit_code)
        },
    )


def _succeeded(state: str, exit_code: int) -> bool:
    return state == "exited" and exit_code == 0


def subnet(client: docker.DockerClient, live: Live, preview: str, pool: str) -> str:
    """The preview's own subnet where it has one, else a free one; MachineError when none is left."""
    for network in live.networks:
        if network.subnets:
            return network.subnets[0]
    return free.free_subnet(preview, used_subnets(client), pool)


def used_subnets(client: docker.DockerClient) -> list[str]:
    """The subnets of every network of the engine and of every route of the host."""
    configs = [config for network in client.api.networks() for config in network["IPAM"].get("Config") or []]
    return [*(config["Subnet"] for config in configs if "Subnet" in config), *host.routed_subnets()]


def _router_port(client: docker.DockerClient, live: Live, plan: Plan) -> int:
    router = live.container("router", labels.ROLE_ROUTER)
    kept = router.ports.get(LISTEN_PORT) if router else None
    if router and kept and (router.state == "running" or host.is_free(kept)):
        return kept
    used = {
        port["PublicPort"] for c in client.api.containers() for port in c["Ports"] if "PublicPort" in port
    }
    while not host.is_free(port := free.free_port(plan.name, used)):
        used.add(port)
    return port


def present(client: docker.DockerClient, images: Iterable[Image]) -> frozenset[str]:
    """Which of the images the engine has already, by tag or reference."""
    wanted = {image.tag if isinstance(image, BuiltImage) else image.reference for image in images}
    found = client.api.images(filters={"reference": sorted(wanted)}) if wanted else []
    return frozenset(tag for image in found for tag in image["RepoTags"] or ()) & wanted
