"""``galley reset``."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.cli import output, target
from galley_iac.cli.table import Table


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        "reset", help="throw the data of one service away and fill it anew"
    )
    target.add_options(parser)
    target.add_plan_options(parser)
    parser.add_argument(
        "service", metavar="SERVICE", help="a database, cache, queue or other that keeps data"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Brings the preview up with the service's data gone; says what ran again."""
    from galley_iac.automation.reset import reset

    prepared = target.prepared(args)
    client = target.client(prepared.request.engine)
    with Table(prepared.plan) as table:
        anew, updated = reset(client, prepared, args.service, table.show)
    if args.json:
        output.data({**updated.status.as_data(), "anew": sorted(anew)})
        return 0
    others = ", ".join(sorted(anew - {args.service}))
    output.say(
        f"\n{updated.status.preview}: {args.service} began empty{f'; new as well: {others}' * bool(others)}"
    )
    output.urls(updated.status)
    return 0
