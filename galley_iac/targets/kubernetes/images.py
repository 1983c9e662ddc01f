"""Images: built or pulled by the Docker engine exactly as for Docker, pushed, and run by their digest.

Pulled ones go the same way. So every image that runs is one that was looked at by digest, the cluster needs
one registry and one login, and a tag that moves meanwhile moves no pod.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_docker as docker

from galley_iac.engine.facts import Facts
from galley_iac.engine.registries import Access
from galley_iac.handover import Handover
from galley_iac.plan.cluster import Registry
from galley_iac.plan.model import BuiltImage, Image
from galley_iac.targets.docker import images, registries
from galley_iac.targets.docker.scope import Scope as DockerScope
from galley_iac.targets.kubernetes.scope import Scope

_MIRROR = "mirror"


@dataclass(frozen=True)
class Builder:
    """What images are made with: the engine, the tags it has already, the logins, the repository's root."""

    engine: str | None
    built: frozenset[str]
    access: Access
    root: Path
    handover: Handover | None = None


@dataclass(frozen=True)
class Pushed:
    """An image in the registry: by digest, and its user there (empty for root)."""

    reference: pulumi.Output[str]
    user: pulumi.Output[str]


def declare(scope: Scope, builder: Builder) -> Mapping[Image, Pushed]:
    """Every image of the plan, in the registry."""
    arguments = docker.ProviderArgs(host=builder.engine, registry_auth=_auth(scope, builder.access))
    provider = docker.Provider("engine", arguments, opts=pulumi.ResourceOptions(parent=scope.component))
    facts = Facts(subnet="", router_port=0, built=builder.built)
    engine = DockerScope(
        scope.plan, facts, scope.secrets, builder.root, scope.component, provider, builder.handover
    )
    made = images.declare(engine)
    return {image: _push(scope, engine, image, made[image]) for image in made}


def _push(scope: Scope, engine: DockerScope, image: Image, made: docker.RemoteImage) -> Pushed:
    """The tag is of the content, or of the pulled image's name; what the pods are given is the digest
    alone.
    """
    source = image.tag if isinstance(image, BuiltImage) else image.reference
    registry = scope.cluster.registry
    name = repository(registry, image)
    tag = docker.Tag(
        source,
        source_image=made.image_id,
        target_image=f"{name}:{tag_of(image)}",
        opts=engine.options(),
    )
    pushed = docker.RegistryImage(
        source,
        name=tag.target_image,
        insecure_skip_verify=registry.plain or None,
        keep_remotely=True,
        triggers={"id": made.image_id},
        opts=engine.options(depends_on=[tag]),
    )
    user = made.image_id.apply(lambda identifier: scope.user_of(image, identifier))
    return Pushed(pulumi.Output.concat(name, "@", pushed.sha256_digest), user)


def repository(registry: Registry, image: Image) -> str:
    """Where in the registry an image lies, without its tag."""
    if isinstance(image, BuiltImage):
        return f"{registry.prefix}/{image.tag.partition(':')[0]}"
    name = image.reference.partition("@")[0]
    path, colon, tag = name.rpartition(":")
    bare = path if colon and "/" not in tag else name
    return f"{registry.prefix}/{_MIRROR}/{bare.replace(':', '-')}"


def tag_of(image: Image) -> str:
    """The tag of an image; of one that is named by its digest, a tag that says so."""
    name = image.tag if isinstance(image, BuiltImage) else image.reference
    before, at, digest = name.partition("@")
    if at:
        return digest.replace(":", "-")
    tag = before.rpartition("/")[2].partition(":")[2]
    return tag or "latest"


def _auth(scope: Scope, access: Access) -> list[docker.ProviderRegistryAuthArgs]:
    """As on Docker for what is pulled, and a block for the registry that is pushed to."""
    registry = scope.cluster.registry
    pulled = registries.blocks(scope.plan, access)
    own = registries.block(registry.host, access, registry.address)
    found = own or docker.ProviderRegistryAuthArgs(address=registry.address, auth_disabled=True)
    return [*(block for host, block in pulled.items() if host != registry.host), found]
