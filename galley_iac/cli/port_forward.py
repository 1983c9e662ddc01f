"""``galley port-forward``."""

from __future__ import annotations

import argparse
import contextlib
from typing import Any

from galley_iac.automation.kubernetes import places
from galley_iac.cli import output, target
from galley_iac.cluster import forward as cluster_forward
from galley_iac.cluster import live as cluster_live
from galley_iac.cluster.client import Client
from galley_iac.engine.forward import Forward
from galley_iac.engine.live import observe
from galley_iac.errors import UsageError


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        "port-forward", help="reach a service's port from this machine, until Ctrl-C"
    )
    target.add_options(parser)
    target.add_name(parser)
    parser.add_argument("service")
    parser.add_argument(
        "ports", nargs="?", default="", metavar="[LOCAL:]PORT", help="default: the exposed port"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Listens on loopback and relays each connection into the preview's network."""
    name = target.name(args)
    context = places.context_of(name)
    opened, remote = _on_engine(name, args) if context is None else _on_cluster(Client(context), name, args)
    with opened as forward:
        output.say(f"127.0.0.1:{forward.port} is {args.service}:{remote} of {name}; Ctrl-C ends it")
        with contextlib.suppress(KeyboardInterrupt):
            forward.serve()
    return 0


def _on_engine(name: str, args: argparse.Namespace) -> tuple[Forward, int]:
    """What listens, and the service's port."""
    client = target.client()
    container = observe(client, name).container(args.service)
    if container is None:
        raise _unknown(name, args.service)
    local, remote = _ports(args.ports, container.exposed)
    return Forward(client, name, args.service, remote, local), remote


def _on_cluster(client: Client, name: str, args: argparse.Namespace) -> tuple[cluster_forward.Forward, int]:
    """The same of a preview on a cluster: to the newest pod of the service."""
    live = cluster_live.observe(client, name)
    pod = live.pod(args.service)
    if pod is None:
        raise _unknown(name, args.service)
    local, remote = _ports(args.ports, cluster_forward.exposed(client, name, pod))
    return cluster_forward.Forward(client, name, pod.name, remote, local), remote


def _unknown(preview: str, service: str) -> UsageError:
    return UsageError(f"{preview} has no service {service}", "`galley status` shows its services")


def _ports(text: str, exposed: int | None) -> tuple[int, int]:
    """(local, remote); 0 is any free local port."""
    local, _, remote = text.rpartition(":")
    try:
        if text:
            return int(local or remote), int(remote)
    except ValueError:
        raise UsageError(f"{text} is not a port", "write PORT or LOCAL:PORT") from None
    if exposed is None:
        raise UsageError("the service exposes no port", "name one: galley port-forward SERVICE PORT")
    return 0, exposed
