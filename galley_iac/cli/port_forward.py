"""``galley port-forward``."""

from __future__ import annotations

import argparse
import contextlib
from typing import Any

from galley_iac.cli import output, target
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
    client, name = target.client(), target.name(args)
    container = observe(client, name).container(args.service)
    if container is None:
        raise UsageError(f"{name} has no service {args.service}", "`galley status` shows its services")
    local, remote = _ports(args.ports, container.exposed)
    with Forward(client, name, args.service, remote, local) as forward:
        output.say(f"127.0.0.1:{forward.port} is {args.service}:{remote} of {name}; Ctrl-C ends it")
        with contextlib.suppress(KeyboardInterrupt):
            forward.serve()
    return 0


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
