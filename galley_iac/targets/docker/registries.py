"""Credentials for pulling: a block per registry that an image of the plan comes from, where there are any.

Without a block the provider pulls anonymously, and a block without credentials makes it fail, whatever it is
asked to do (docs/engine.md). The user's own login is named, not copied: the state has no password of it.
"""

from __future__ import annotations

import pulumi
import pulumi_docker as docker

from galley_iac.engine.registries import Access
from galley_iac.plan.model import Plan, PulledImage
from galley_iac.plan.registries import registry_of

_NO_FILE = "{}"
"""Makes the provider look into the environment alone."""


def declare(plan: Plan, access: Access) -> list[docker.ProviderRegistryAuthArgs] | None:
    """The blocks in the order of their hosts; a configured login goes before the user's own."""
    return list(blocks(plan, access).values()) or None


def blocks(plan: Plan, access: Access) -> dict[str, docker.ProviderRegistryAuthArgs]:
    """The same by host."""
    pulled = (image for image in plan.images if isinstance(image, PulledImage))
    hosts = sorted({registry_of(image.reference) for image in pulled})
    return {host: found for host in hosts if (found := block(host, access))}


def block(host: str, access: Access, address: str = "") -> docker.ProviderRegistryAuthArgs | None:
    """The block of one registry, by its host unless an address is given; None without credentials for it."""
    login, address = access.configured.get(host), address or host
    if login:
        password = pulumi.Output.secret(login.password)
        return docker.ProviderRegistryAuthArgs(address=address, username=login.username, password=password)
    if host in access.by_variable:
        return docker.ProviderRegistryAuthArgs(address=address, config_file_content=_NO_FILE)
    return docker.ProviderRegistryAuthArgs(address=address) if host in access.by_file else None
