"""``galley status``."""

from __future__ import annotations

import argparse
import time
from typing import Any

from galley_iac.automation import records, tags
from galley_iac.automation.kubernetes import places
from galley_iac.cli import lifetime, output, target
from galley_iac.cluster import live as cluster_live
from galley_iac.cluster import status as on_cluster
from galley_iac.engine.live import observe
from galley_iac.engine.status import PreviewStatus, preview_status


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser("status", help="one preview's services")
    target.add_options(parser)
    target.add_name(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the preview's state; 1 when there is one that is not as it should be."""
    name = target.name(args)
    status = current(name)
    if args.json:
        output.data(status.as_data())
    else:
        print(as_text(status))
        _print_lifetime(name)
    return 0 if status.state in ("running", "asleep", "absent") else 1


def current(name: str) -> PreviewStatus:
    """The preview as its cluster or the engine has it."""
    api = places.cluster_of(name)
    if api:
        return on_cluster.preview_status(name, cluster_live.observe(api, name))
    live = observe(target.client(), name)
    return preview_status(name, live, asleep=tags.is_asleep(name, live))


def _print_lifetime(name: str) -> None:
    found = records.record(name)
    if found is None:
        return
    if found.asleep and found.asleep.why:
        print(f"  asleep: {found.asleep.why}")
    print(f"  {lifetime.of_record(found, time.time())}".rstrip())


def as_text(status: PreviewStatus) -> str:
    """A line for the preview and one per service."""
    lines = [f"{status.preview}: {status.state}"]
    for service in status.services:
        note = service.url or service.reason
        lines.append(f"  {service.service:<16} {service.kind:<9} {service.state:<11} {note}".rstrip())
    return "\n".join(lines)
