"""``galley doctor``: what is on this machine, what is missing, and the remedy for each."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.toolchain import commands


def add_parser(verbs: Any) -> None:
    """Adds the verb; its options are the toolchain's own."""
    parser: argparse.ArgumentParser = verbs.add_parser("doctor", help="what is there and what is missing")
    commands.add_doctor_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when everything that is needed is there, else 3."""
    return commands.doctor_command(args)
