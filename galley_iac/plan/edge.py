"""The settings that put a preview behind an edge and say who may enter it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from galley_iac.edge.access import TOKEN, Access, Guard, users_of
from galley_iac.errors import UsageError
from galley_iac.plan.cluster import Target

_ON_DOCKER = ("edge", "edgePort", "access", "allowlist")


def edge_of(values: Mapping[str, Any]) -> str:
    """The edge's name; empty without one. Raises UsageError where it cannot be."""
    set_ = [name for name in _ON_DOCKER if name in values]
    if set_ and values.get("target") == Target.KUBERNETES:
        raise UsageError(
            f"{set_[0]} is for previews on Docker", "on a cluster, the ingress controller has these settings"
        )
    edge = str(values.get("edge", ""))
    if edge and values.get("domain", "localhost") == "localhost":
        raise UsageError(
            f"behind the edge {edge} a preview needs a domain", "galley config set domain preview.example.com"
        )
    return edge


def guard_of(values: Mapping[str, Any], secrets: frozenset[str]) -> Guard:
    """Who may enter; ``secrets`` are the names of what is kept for it. UsageError where nobody could."""
    guard = Guard(
        access=values.get("access", Access.PUBLIC),
        users=users_of(secrets),
        allowed=values.get("allowlist", ()),
        token=TOKEN in secrets,
    )
    if guard.access is Access.BASIC and not guard.users:
        raise UsageError("access is basic, and there is no user", "galley access user NAME")
    if guard.access is Access.ALLOWLIST and not guard.allowed:
        raise UsageError(
            "access is allowlist, and the list is empty", "galley config set allowlist 10.0.0.0/8"
        )
    return guard
