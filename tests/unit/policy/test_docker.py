"""The rules for what is declared on Docker; each of them is broken in every way there is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from galley_iac.policy import violations
from galley_iac.policy.docker import CONTAINER as KIND
from tests.unit.policy.samples import CONTAINER, ROUTABLE, ROUTER, changed


def found(inputs: dict[str, Any], name: str = "api") -> list[str]:
    return violations(KIND, name, inputs, ROUTABLE)


def test_what_is_declared_keeps_the_rules() -> None:
    assert found(CONTAINER) == []
    assert found(ROUTER, "router") == []


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("cpus", None, "api has no limit of cpu (rule `limits`)"),
        ("memory", None, "api has no limit of memory (rule `limits`)"),
        ("memory", 0, "api has no limit of memory (rule `limits`)"),
        ("privileged", True, "api is privileged (rule `privileges`)"),
        ("security_opts", None, "api may gain privileges (rule `privileges`)"),
        ("security_opts", ["seccomp=unconfined"], "api may gain privileges (rule `privileges`)"),
        ("capabilities.adds", ["CAP_SYS_ADMIN"], "api has the capability CAP_SYS_ADMIN (rule `privileges`)"),
        ("volumes.0.host_path", "/etc", "api has the host's path /etc (rule `host`)"),
        ("mounts", [{"type": "bind", "source": "/"}], "api has the host's path / (rule `host`)"),
        ("devices", [{"host_path": "/dev/kvm"}], "api has the host's device /dev/kvm (rule `host`)"),
        (
            "ports",
            [{"internal": 80, "external": 8080}],
            "api has the host's port 8080 of every address (rule `host`)",
        ),
        (
            "ports",
            [{"internal": 80, "ip": "127.0.0.1"}],
            "api has the host's port 80 of 127.0.0.1 (rule `host`)",
        ),
        ("publish_all_ports", True, "api has the host's a port for every one of its own (rule `host`)"),
        ("network_mode", "host", "api has the host's network (rule `host`)"),
        ("pid_mode", "host", "api has the host's processes (rule `host`)"),
        ("ipc_mode", "host", "api has the host's memory (rule `host`)"),
        ("userns_mode", "host", "api has the host's users (rule `host`)"),
        (
            "image",
            "postgres:16-alpine",
            "api runs postgres:16-alpine, which is not named by its content (rule `images`)",
        ),
        (
            "image",
            "sha256:latest",
            "api runs sha256:latest, which is not named by its content (rule `images`)",
        ),
        ("image", None, "api runs no image, which is not named by its content (rule `images`)"),
    ],
)
def test_what_breaks_a_rule_is_said(path: str, value: Any, said: str) -> None:
    assert found(changed(CONTAINER, path, value)) == [said]


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", None])
def test_the_router_s_port_is_on_loopback(address: str | None) -> None:
    assert len(found(changed(ROUTER, "ports.0.ip", address), "router")) == 1


def test_the_router_leads_to_a_web_or_an_api_alone() -> None:
    """Wherever in its configuration the service is named."""
    hidden = {"errors": [{"match": [], "deep": {"upstreams": [{"dial": "db:5432"}, {"dial": "api:8000"}]}}]}
    inputs = changed(ROUTER, "uploads.0.content", json.dumps(hidden))
    assert found(inputs, "router") == ["db has a route, and is neither a web nor an api (rule `routes`)"]


def test_all_that_is_broken_is_said_at_once() -> None:
    assert len(found({"privileged": True, "image": "x"})) == 5


def test_other_resources_start_nothing() -> None:
    assert violations("docker:index/network:Network", "network", {"name": "main-shop"}, ROUTABLE) == []
