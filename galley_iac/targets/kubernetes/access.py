"""The cluster's login to the registry: the configured one, as a pull secret in the preview's own
namespace.
"""

from __future__ import annotations

import base64
import json

import pulumi
import pulumi_kubernetes.core.v1 as core

from galley_iac.cluster import labels
from galley_iac.engine.registries import Access, Login
from galley_iac.targets.kubernetes.scope import Scope, name_of

_NAME = "registry"


def declare(scope: Scope, access: Access) -> list[core.LocalObjectReferenceArgs]:
    """The reference for a pod; none where no login is configured. The user's own stays on his machine."""
    host = scope.cluster.registry.host
    login = access.configured.get(host)
    if login is None:
        return []
    made = core.Secret(
        _NAME,
        metadata=scope.metadata(_NAME, "", labels.ROLE_ACCESS),
        type="kubernetes.io/dockerconfigjson",
        string_data={".dockerconfigjson": pulumi.Output.secret(_document(host, login))},
        opts=scope.options(),
    )
    return [core.LocalObjectReferenceArgs(name=name_of(made.metadata))]


def _document(host: str, login: Login) -> str:
    auth = base64.b64encode(f"{login.username}:{login.password}".encode()).decode()
    return json.dumps({"auths": {host: {"auth": auth}}})
