"""``galley preview``."""

from __future__ import annotations

import argparse
import contextlib
from typing import Any

from galley_iac.cli import output, target


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser("preview", help="what an update would change, and why")
    target.add_options(parser)
    target.add_plan_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints a line per resource that would change; changes nothing."""
    from galley_iac.automation.preview import preview
    from galley_iac.automation.workspace import Workspace

    prepared = target.prepared(args)
    with contextlib.closing(target.client(prepared.request.engine)) as client:
        steps = preview(Workspace(), client, prepared)
    if args.json:
        output.data({"preview": prepared.plan.name, "steps": [vars(step) for step in steps]})
    else:
        print("\n".join(str(step) for step in steps) or f"{prepared.plan.name}: nothing would change")
    return 0
