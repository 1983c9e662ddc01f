"""The preview's router: the one container with a published port."""

from __future__ import annotations

import json

import pulumi
import pulumi_docker as docker

from galley_iac.edge import access, names
from galley_iac.engine import labels
from galley_iac.plan.model import ROUTER, Router
from galley_iac.plan.router import LISTEN_PORT, trusting
from galley_iac.targets.docker.containers import REPLACE_BROKEN, attachment, limits
from galley_iac.targets.docker.images import Declared
from galley_iac.targets.docker.readiness import ALL_CAPABILITIES
from galley_iac.targets.docker.scope import Scope, hardened

_CONFIG = "/etc/caddy/galley.json"
_LOOPBACK = "127.0.0.1"
_BIND = "CAP_NET_BIND_SERVICE"
"""The official image's binary has this capability set on its file: without it the kernel refuses to run it.
"""


def declare(scope: Scope, network: docker.Network, images: Declared) -> docker.Container | None:
    """The router, where the plan has routes. It starts beside the services and waits for them by itself."""
    router = scope.plan.router
    if router is None:
        return None
    size = scope.plan.router_limits
    return docker.Container(
        ROUTER,
        docker.ContainerArgs(
            name=scope.name(ROUTER),
            image=images[router.image].image_id,
            command=["caddy", "run", "--config", _CONFIG],
            labels=scope.container_labels(ROUTER, labels.ROLE_ROUTER, urls=_urls(scope)),
            networks_advanced=[attachment(network, ROUTER), *_edge(scope, router)],
            ports=[_port(scope)],
            uploads=_files(scope, router),
            hostname=ROUTER,
            restart="unless-stopped",
            must_run=True,
            remove_volumes=True,
            **limits(size.cpus, size.memory),
            **hardened(ALL_CAPABILITIES, adds=[_BIND]),
        ),
        opts=_options(scope, router),
    )


def _options(scope: Scope, router: Router) -> pulumi.ResourceOptions:
    hidden = ["uploads"] if router.secrets else []
    return scope.options(
        delete_before_replace=True, replace_on_changes=REPLACE_BROKEN, additional_secret_outputs=hidden
    )


def _port(scope: Scope) -> docker.ContainerPortArgs:
    return docker.ContainerPortArgs(internal=LISTEN_PORT, external=scope.facts.router_port, ip=_LOOPBACK)


def _edge(scope: Scope, router: Router) -> list[docker.ContainerNetworksAdvancedArgs]:
    """The network of the edge, where it finds the router by the preview's name."""
    if not router.edge:
        return []
    found = names.network(router.edge)
    return [docker.ContainerNetworksAdvancedArgs(name=found, aliases=[names.alias(scope.plan.name)])]


def _files(scope: Scope, router: Router) -> list[docker.ContainerUploadArgs]:
    """The configuration, and beside it what it reads: secrets, encrypted in state and in no environment."""
    config = trusting(router.config, scope.facts.edge_address) if router.edge else router.config
    contents: dict[str, pulumi.Input[str]] = {_CONFIG: config}
    for name in router.secrets:
        contents[access.path(name)] = pulumi.Output.secret(scope.secrets[name])
    return [docker.ContainerUploadArgs(content=text, file=file) for file, text in contents.items()]


def _urls(scope: Scope) -> str:
    """Service → URL as JSON, so that whoever looks at the engine alone can say where the preview answers."""
    urls = {route.service: scope.text(route.url) for route in scope.plan.routes}
    return json.dumps(urls, sort_keys=True)
