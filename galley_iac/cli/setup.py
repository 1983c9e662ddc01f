"""``galley setup``: installs what is missing on this machine."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.toolchain import commands


def add_parser(verbs: Any) -> None:
    """Adds the verb; its options are the toolchain's own."""
    parser: argparse.ArgumentParser = verbs.add_parser("setup", help="install what is missing")
    commands.add_setup_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when everything is there; MachineError with the remedy otherwise."""
    return commands.setup_command(args)
