"""``galley unpin``."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.automation import keep
from galley_iac.cli import lifetime, output, target


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        "unpin", help="let a pinned preview's time count again"
    )
    target.add_options(parser)
    target.add_name(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Unpins the preview, and says how long it has."""
    name = target.name(args)
    keep.unpin(name)
    if args.json:
        output.data({"preview": name, "pinned": False})
    else:
        output.say(f"{name}: unpinned; {lifetime.words(name)}")
    return 0
