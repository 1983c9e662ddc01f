"""The rules: each is a sentence, and says of a resource what breaks it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from galley_iac.policy import docker, kubernetes
from galley_iac.policy.model import UNKNOWN, Declared, Inputs

_BY_CONTENT = re.compile(r"(?:[^@\s]+@)?sha256:[0-9a-f]{64}")
"""An image's id on an engine, or its name in a registry with its digest; never a tag, which may move."""

Rule = Callable[[Declared, Collection[str]], Iterator[str]]
"""A resource and the services that may have a route → what breaks the rule."""


def limits(declared: Declared, _routable: Collection[str]) -> Iterator[str]:
    """Every container has a limit of CPU and of memory."""
    for one in declared.containers:
        for what in ("cpu", "memory"):
            if what not in one.limits:
                yield f"{one.name} has no limit of {what}"


def privileges(declared: Declared, _routable: Collection[str]) -> Iterator[str]:
    """No container is privileged, has a capability added to it, or can gain privileges."""
    for one in declared.containers:
        yield from (f"{one.name} {power}" for power in one.powers)


def host(declared: Declared, _routable: Collection[str]) -> Iterator[str]:
    """Nothing has a path, a port or a namespace of the machine, but the router its port on loopback."""
    yield from (f"it has the host's {what}" for what in declared.host)
    for one in declared.containers:
        yield from (f"{one.name} has the host's {what}" for what in one.host)


def routes(declared: Declared, routable: Collection[str]) -> Iterator[str]:
    """Only a web or an api has a route."""
    for service in dict.fromkeys(declared.routed):
        if service not in routable:
            yield f"{service} has a route, and is neither a web nor an api"


def images(declared: Declared, _routable: Collection[str]) -> Iterator[str]:
    """Every image is named by its content."""
    for one in declared.containers:
        if one.image is not UNKNOWN and not _BY_CONTENT.fullmatch(str(one.image)):
            yield f"{one.name} runs {one.image or 'no image'}, which is not named by its content"


RULES: tuple[Rule, ...] = (limits, privileges, host, routes, images)


def violations(kind: str, name: str, inputs: Inputs, routable: Collection[str]) -> list[str]:
    """What a resource breaks, a sentence each with the rule's name; empty where it keeps them all.

    ``kind`` is its type as Pulumi writes it, ``routable`` the services of kind web and api.
    """
    read = kubernetes.read if kind.startswith(kubernetes.PREFIX) else docker.read
    declared = read(kind, name, inputs)
    return [f"{found} (rule `{rule.__name__}`)" for rule in RULES for found in rule(declared, routable)]
