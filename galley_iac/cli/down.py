"""``galley down``."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.cli import output, target


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        "down", help="remove a preview and prove that nothing is left"
    )
    target.add_options(parser)
    target.add_name(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Removes the preview."""
    from galley_iac.automation.down import down
    from galley_iac.automation.workspace import Workspace

    preview = target.name(args)
    workspace = Workspace()
    client = target.client(workspace.state(preview).engine)
    removed = down(
        workspace, client, preview, lambda name: output.say(f"{name}: removed"), target.identity(args)
    )
    if args.json:
        output.data({"preview": preview, "state": "absent", "removed": vars(removed)})
    elif removed:
        output.say(f"{preview}: removed ({removed}); nothing with its label is left")
    else:
        output.say(f"{preview}: there was nothing to remove")
    return 0
