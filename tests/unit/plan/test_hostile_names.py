"""A thousand hostile branches through the whole planner: each name is valid where it is used, and unique."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from galley_iac.plan.identity import Identity
from galley_iac.plan.model import Plan
from galley_iac.plan.preview import Address, behind_edge
from tests.unit.plan.support import plan, services
from tests.unit.plan.test_identity import hostile_branches

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""A DNS label, so a namespace of Kubernetes too (RFC 1123)."""

ENGINE = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
"""A container, a network or a volume of Docker."""

STACK = re.compile(r"[A-Za-z0-9_.-]{1,100}")

LONGEST = "a" + "-b" * 19 + "c"
MANIFEST = services(
    f"""
    web: {{kind: web, image: x, expose: 80}}
    {LONGEST}: {{kind: api, image: x, expose: 80}}
    db: {{kind: database, image: "postgres:16"}}
    """
)


def objects(found: Plan) -> list[tuple[str, str]]:
    """All of a preview's objects on an engine, with their kind: kinds do not share names."""
    services = [*(one.service for one in found.containers), "router"]
    names = [f"{found.name}.{service}{role}" for service in services for role in ("", ".ready")]
    volumes = [one.volume.name for one in found.containers if one.volume]
    return [
        ("network", found.name),
        *(("container", name) for name in names),
        *(("volume", name) for name in volumes),
    ]


@pytest.mark.parametrize("address", [Address(), behind_edge("preview.example")], ids=["nested", "flat"])
def test_each_is_valid_and_nobody_elses(address: Address) -> None:
    branches = hostile_branches()
    assert len(branches) > 1000
    plans = [plan(MANIFEST, Identity("shop", branch=branch), address) for branch in branches]
    made = [one for found in plans for one in objects(found)]
    hosts = [host for found in plans for route in found.routes for host in route.hosts]
    assert [name for _, name in made if not ENGINE.fullmatch(name)] == []
    assert [found.name for found in plans if not namespace_and_stack(found.name)] == []
    assert [host for host in hosts if not is_host(host)] == []
    assert [one for one, times in Counter([*made, *hosts]).items() if times > 1] == []


def namespace_and_stack(name: str) -> bool:
    return bool(LABEL.fullmatch(name) and STACK.fullmatch(name))


def is_host(name: str) -> bool:
    return len(name) <= 253 and all(map(LABEL.fullmatch, name.split(".")))
