"""``galley pin``."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.automation import keep
from galley_iac.cli import output, target


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser("pin", help="keep a preview until it is unpinned")
    target.add_options(parser)
    target.add_name(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Pins the preview."""
    name = target.name(args)
    keep.pin(name)
    if args.json:
        output.data({"preview": name, "pinned": True})
    else:
        output.say(f"{name}: pinned; only `galley down` removes it")
    return 0
