"""``galley plan``."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from galley_iac.cli import output, target
from galley_iac.cli.dockerfile import find
from galley_iac.plan.explain import as_text
from galley_iac.plan.render import as_data


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        "plan", help="what would be declared, without any engine"
    )
    target.add_options(parser)
    target.add_plan_options(parser)
    parser.add_argument(
        "--dockerfile", metavar="SERVICE", help="print the Dockerfile generated for a service"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the plan, or one generated Dockerfile."""
    if args.dockerfile:
        return _dockerfile(args)
    prepared = target.prepared(args, engine=False)
    if args.json:
        output.data(as_data(prepared.plan))
    else:
        print(as_text(prepared.plan))
    return 0


def _dockerfile(args: argparse.Namespace) -> int:
    generated = find(args, args.dockerfile).generated
    if args.json:
        output.data(asdict(generated))
    else:
        print(generated.dockerfile, end="")
    return 0
