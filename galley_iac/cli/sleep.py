"""``galley sleep``."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.cli import output, target
from galley_iac.life.room import size_text


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser("sleep", help="stop a preview and keep its data")
    target.add_options(parser)
    target.add_name(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Stops the preview's containers."""
    from galley_iac.automation.sleep import sleep
    from galley_iac.automation.workspace import Workspace

    name = target.name(args)
    slept = sleep(Workspace(), target.client(), name)
    if args.json:
        output.data({"preview": name, "state": "asleep", "stopped": list(slept.services)})
    elif slept.services:
        stopped = f"{len(slept.services)} containers stopped, limits of {size_text(slept.freed.memory)} free"
        output.say(f"{name}: asleep ({stopped}); `galley wake` or `galley up` wakes it")
    else:
        output.say(f"{name}: it was asleep already")
    return 0
