"""``galley extend``."""

from __future__ import annotations

import argparse
import time
from typing import Any

from galley_iac import duration, timing
from galley_iac.automation import keep
from galley_iac.cli import lifetime, output, target
from galley_iac.errors import UsageError


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser("extend", help="let a preview stay longer")
    target.add_options(parser)
    target.add_name(parser)
    parser.add_argument("by", metavar="DURATION", help="how much longer: 2d, 1w, 12h")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Extends the preview's time, and says until when."""
    by = duration.parse(args.by)
    if by is None:
        raise UsageError(f"{args.by!r} is no duration", "write how much longer with a unit: 2d, 1w, 12h")
    name = target.name(args)
    until = keep.extend(name, by, time.time())
    if args.json:
        output.data({"preview": name, "expires": timing.stamp(until)})
    else:
        output.say(f"{name}: {lifetime.words(name)}")
    return 0
