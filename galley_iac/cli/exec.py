"""``galley exec``."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from typing import Any

from galley_iac.cli import target
from galley_iac.engine.live import observe
from galley_iac.errors import MachineError, UsageError


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser("exec", help="run a command in a service's container")
    target.add_options(parser)
    target.add_name(parser)
    parser.add_argument("service")
    parser.add_argument("command", nargs="+", help="after --: galley exec api -- python -V")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Becomes Docker's own client, which knows terminals, signals and exit codes."""
    program = shutil.which("docker")
    if program is None:
        raise MachineError(
            "the docker command is not installed", "install Docker's client; the engine is not enough"
        )
    host = target.engine_host()
    name = target.name(args)
    container = observe(target.client(host), name).container(args.service)
    if container is None or container.state != "running":
        state = container.state if container else "not there"
        raise UsageError(f"{args.service} of {name} is {state}", "`galley status` shows what runs")
    terminal = ["-t"] if sys.stdin.isatty() and sys.stdout.isatty() else []
    command = [program, "-H", host, "exec", "-i", *terminal, container.id, *args.command]
    sys.stdout.flush()
    os.execv(program, command)
