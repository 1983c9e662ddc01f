"""``galley plan``."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.cli import output, target
from galley_iac.plan.explain import as_text
from galley_iac.plan.render import as_data


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        "plan", help="what would be declared, without any engine"
    )
    target.add_options(parser)
    target.add_plan_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the plan."""
    prepared = target.prepared(args, engine=False)
    if args.json:
        output.data(as_data(prepared.plan))
    else:
        print(as_text(prepared.plan))
    return 0
