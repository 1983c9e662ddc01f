"""``galley logs``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator
from typing import Any

from galley_iac.automation.configuration import PROJECT_SECRETS, SECRETS, config_file
from galley_iac.automation.kubernetes import places
from galley_iac.cli import target
from galley_iac.cluster import live as cluster_live
from galley_iac.cluster import logs as cluster_logs
from galley_iac.cluster.client import Api
from galley_iac.engine.live import LiveContainer, observe
from galley_iac.engine.logs import Line, follow, history
from galley_iac.errors import UsageError
from galley_iac.masking import Masker


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser("logs", help="what the services write")
    target.add_options(parser, short=False)
    target.add_name(parser)
    parser.add_argument("service", nargs="*", help="only these services (default: all)")
    parser.add_argument("-f", "--follow", action="store_true", help="go on as it is written")
    parser.add_argument(
        "--tail", type=int, default=200, metavar="N", help="last lines of each (default: 200)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the services' output, each line with its service's name."""
    name = target.name(args)
    api = places.cluster_of(name)
    width, lines = _on_cluster(api, name, args) if api else _on_engine(name, args)
    mask = _masker(name)
    for service, line in lines:
        print(f"{service:<{width}} | {mask(line)}")
        if args.follow:
            sys.stdout.flush()
    return 0


def _on_engine(name: str, args: argparse.Namespace) -> tuple[int, Iterator[Line]]:
    """The width of the longest name, and the lines."""
    client = target.client()
    containers = [c for c in observe(client, name).containers if c.role in ("service", "job", "router")]
    wanted = _wanted(containers, args.service, name)
    lines = follow(client, wanted, args.tail) if args.follow else history(client, wanted, args.tail)
    return max(len(container.service) for container in wanted), lines


def _on_cluster(api: Api, name: str, args: argparse.Namespace) -> tuple[int, Iterator[Line]]:
    """The same of a preview on a cluster: of each service its newest pod."""
    live = cluster_live.observe(api, name)
    known = sorted({workload.service for workload in live.workloads})
    _refuse_unknown(known, args.service, name)
    pods = [pod for service in args.service or known if (pod := live.pod(service))]
    lines = cluster_logs.follow if args.follow else cluster_logs.history
    return max(map(len, known)), lines(api, name, pods, args.tail)


def _masker(preview: str) -> Masker:
    """Pulumi is asked for the values only where there are any."""
    if not config_file(preview).names(PROJECT_SECRETS, SECRETS):
        return Masker(())
    from galley_iac.automation.workspace import Workspace

    return Masker(Workspace().secrets(preview).values())


def _wanted(containers: list[LiveContainer], services: list[str], preview: str) -> list[LiveContainer]:
    """All services of the preview but the router, which has to be asked for by name."""
    _refuse_unknown({container.service for container in containers}, services, preview)
    return [c for c in containers if (c.service in services if services else c.role != "router")]


def _refuse_unknown(known: Collection[str], services: list[str], preview: str) -> None:
    unknown = [service for service in services if service not in known]
    if not known:
        raise UsageError(f"there is no preview {preview}", "`galley ls` shows those there are")
    if unknown:
        raise UsageError(f"{preview} has no service {unknown[0]}", f"it has {', '.join(sorted(known))}")
