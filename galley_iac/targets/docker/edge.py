"""An edge as resources: the network that routers join, a volume for certificates, one container."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

import pulumi
import pulumi_docker as docker

from galley_iac.edge import names
from galley_iac.edge.config import ACME_ROOT, CERTIFICATE, HTTP_PORT, HTTPS_PORT, KEY, caddy_config
from galley_iac.edge.model import Edge
from galley_iac.engine import labels
from galley_iac.targets.docker.containers import LOG_OPTIONS, REPLACE_BROKEN, limits
from galley_iac.targets.docker.readiness import ALL_CAPABILITIES
from galley_iac.targets.docker.scope import hardened

COMPONENT = "galley:index:Edge"
CPUS, MEMORY = 2.0, 512 * 1024 * 1024
_CONFIG = "/etc/caddy/galley.json"
_DATA = "/data"
_BIND = "CAP_NET_BIND_SERVICE"
_GRACE = 10
"""Seconds for open connections, when the edge is replaced or removed."""


@dataclass(frozen=True)
class Files:
    """PEM texts that are handed in; ``key`` is a secret."""

    certificate: str = ""
    key: str = ""
    acme_root: str = ""

    def contents(self) -> dict[str, pulumi.Input[str]]:
        """Path in the container → content."""
        found: dict[str, pulumi.Input[str]] = {}
        if self.certificate:
            found[CERTIFICATE] = self.certificate
            found[KEY] = pulumi.Output.secret(self.key)
        if self.acme_root:
            found[ACME_ROOT] = self.acme_root
        return found


def declare(edge: Edge, files: Files, subnet: str, engine: str | None) -> pulumi.ComponentResource:
    """Everything that the edge consists of; ``engine`` is the Docker host."""
    component = pulumi.ComponentResource(COMPONENT, edge.name)
    provider = docker.Provider(
        "engine", docker.ProviderArgs(host=engine), opts=pulumi.ResourceOptions(parent=component)
    )
    options = pulumi.ResourceOptions(parent=component, provider=provider, delete_before_replace=True)
    network, volume = _network(edge, subnet, options), _volume(edge, options)
    image = docker.RemoteImage(
        "image", docker.RemoteImageArgs(name=edge.image, keep_locally=True), opts=options
    )
    arguments = {
        **_arguments(edge, files),
        "image": image.image_id,
        "networks_advanced": [
            docker.ContainerNetworksAdvancedArgs(name=network.name, ipv4_address=address(subnet))
        ],
        "volumes": [docker.ContainerVolumeArgs(volume_name=volume.name, container_path=_DATA)],
    }
    broken = pulumi.ResourceOptions(
        replace_on_changes=REPLACE_BROKEN, additional_secret_outputs=["uploads"] if files.key else None
    )
    docker.Container(
        "edge", docker.ContainerArgs(**arguments), opts=pulumi.ResourceOptions.merge(options, broken)
    )
    component.register_outputs({})
    return component


def address(subnet: str) -> str:
    """The edge's address: the last one, which Docker comes to last when it hands out others."""
    return str(IPv4Network(subnet)[-2])


def _labels(edge: Edge, **more: str) -> Mapping[str, str]:
    own = {labels.EDGE: edge.name, labels.SERVICE: names.SERVICE, labels.ROLE: labels.ROLE_EDGE, **more}
    return dict(sorted(own.items()))


def _network(edge: Edge, subnet: str, options: pulumi.ResourceOptions) -> docker.Network:
    own = {**_labels(edge), labels.ADDRESS: address(subnet)}
    return docker.Network(
        "network",
        docker.NetworkArgs(
            name=names.network(edge.name),
            driver="bridge",
            ipam_configs=[docker.NetworkIpamConfigArgs(subnet=subnet)],
            labels=[docker.NetworkLabelArgs(label=k, value=v) for k, v in sorted(own.items())],
        ),
        opts=options,
    )


def _volume(edge: Edge, options: pulumi.ResourceOptions) -> docker.Volume:
    """Certificates, and the authority's own key; a new container of the edge finds them."""
    own = [docker.VolumeLabelArgs(label=label, value=value) for label, value in _labels(edge).items()]
    return docker.Volume(
        "data", docker.VolumeArgs(name=f"{names.network(edge.name)}.data", labels=own), opts=options
    )


def _arguments(edge: Edge, files: Files) -> dict[str, Any]:
    contents = {_CONFIG: caddy_config(edge), **files.contents()}
    return {
        "name": f"{names.network(edge.name)}.edge",
        "command": ["caddy", "run", "--config", _CONFIG],
        "labels": [docker.ContainerLabelArgs(label=k, value=v) for k, v in _labels(edge).items()],
        "ports": _ports(edge),
        "uploads": [docker.ContainerUploadArgs(content=text, file=file) for file, text in contents.items()],
        "restart": "unless-stopped",
        "must_run": True,
        "destroy_grace_seconds": _GRACE,
        "log_driver": "json-file",
        "log_opts": LOG_OPTIONS,
        **_confined(),
    }


def _confined() -> dict[str, Any]:
    """Names are looked up as they are: no search list of the host's makes another name of a preview's."""
    searches: dict[str, Any] = {"dns_searches": ["."]}
    return {**searches, **limits(CPUS, MEMORY), **hardened(ALL_CAPABILITIES, adds=[_BIND])}


def _ports(edge: Edge) -> list[docker.ContainerPortArgs]:
    published = ((HTTP_PORT, edge.http_port), (HTTPS_PORT, edge.https_port))
    return [
        docker.ContainerPortArgs(internal=inside, external=outside, ip=edge.bind)
        for inside, outside in published
    ]
