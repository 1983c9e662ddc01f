"""``galley up``."""

from __future__ import annotations

import argparse
import time
from typing import Any

from galley_iac.cli import output, target
from galley_iac.cli.table import Table


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        "up", help="bring the preview of a branch up, or up to date"
    )
    target.add_options(parser)
    target.add_plan_options(parser)
    parser.add_argument(
        "--full", action="store_true", help="compare everything with the engine first (pulumi refresh)"
    )
    parser.add_argument(
        "--rebuild", action="store_true", help="build every image anew, though its content is known"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Brings the preview up; prints its URLs."""
    from galley_iac.automation.up import up

    begun = time.monotonic()
    prepared = target.prepared(args)
    client = target.client(prepared.request.engine)
    with Table(prepared.plan) as table:
        updated = up(client, prepared, table.show, refresh=args.full)
    status = updated.status
    if args.json:
        output.data(status.as_data())
        return 0
    changed = "nothing to change" if not updated.changes else f"up in {time.monotonic() - begun:.1f} s"
    output.say(f"\n{status.preview}: {changed}")
    output.urls(status)
    return 0
