"""Resources that keep every rule, as the targets declare them, and how to break one."""

from __future__ import annotations

import copy
import json
from typing import Any

DIGEST = f"sha256:{'0123456789abcdef' * 4}"
ROUTABLE = frozenset({"api"})
_ROUTES = {"routes": [{"handle": [{"handler": "reverse_proxy", "upstreams": [{"dial": "api:8000"}]}]}]}

CONTAINER: dict[str, Any] = {
    "image": DIGEST,
    "cpus": "0.5",
    "memory": 128,
    "capabilities": {"drops": ["CAP_NET_RAW"]},
    "security_opts": ["no-new-privileges:true"],
    "volumes": [{"volume_name": "main-shop.db", "container_path": "/data"}],
    "restart": "unless-stopped",
}
ROUTER: dict[str, Any] = {
    **CONTAINER,
    "capabilities": {"adds": ["CAP_NET_BIND_SERVICE"], "drops": ["ALL"]},
    "ports": [{"internal": 80, "external": 20001, "ip": "127.0.0.1"}],
    "uploads": [{"file": "/etc/caddy/galley.json", "content": json.dumps(_ROUTES)}],
}
_POD = {
    "containers": [
        {
            "name": "api",
            "image": f"registry.test:5000/previews/shop@{DIGEST}",
            "resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
            "security_context": {"allow_privilege_escalation": False, "capabilities": {"drop": ["ALL"]}},
            "ports": [{"container_port": 8000}],
        }
    ],
    "volumes": [{"name": "data", "persistent_volume_claim": {"claim_name": "db-data"}}],
}
DEPLOYMENT: dict[str, Any] = {"spec": {"replicas": 1, "template": {"spec": _POD}}}
POD: dict[str, Any] = {"spec": _POD}
SERVICE: dict[str, Any] = {"spec": {"cluster_ip": "None", "ports": [{"port": 8000}]}}
INGRESS: dict[str, Any] = {
    "spec": {"rules": [{"host": "h", "http": {"paths": [{"backend": {"service": {"name": "api"}}}]}}]}
}
HTTP_ROUTE: dict[str, Any] = {"spec": {"rules": [{"backendRefs": [{"name": "api", "port": 8000}]}]}}
POLICY: dict[str, Any] = {"spec": {"ingress": [{"from_": [{"namespace_selector": {"match_labels": {}}}]}]}}


def changed(sample: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The sample with another value at a path such as ``spec.containers.0.image``; None takes it away."""
    made = copy.deepcopy(sample)
    *parents, last = path.split(".")
    node: Any = made
    for name in parents:
        node = node[int(name)] if isinstance(node, list) else node[name]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return made
