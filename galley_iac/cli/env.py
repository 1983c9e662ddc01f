"""``galley env``."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path
from typing import Any

from galley_iac import home
from galley_iac.cli import output, target
from galley_iac.engine import registries


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        "env", help='what plain `pulumi` needs to see the same stacks: eval "$(galley env)"'
    )
    parser.add_argument("--json", action="store_true", help="data on stdout, for scripts")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints shell assignments."""
    from galley_iac.automation.workspace import environment, tools

    located = tools()
    folders = [str(Path(sys.executable).parent), str(located.pulumi.parent)]
    path = os.pathsep.join([*folders, os.environ.get("PATH", "")])
    variables = {**environment(), "DOCKER_HOST": target.engine_host(), "PATH": path}
    if not registries.is_configured(os.environ):
        variables[registries.FOLDER] = str(registries.write_empty(home.no_logins()))
    if args.json:
        output.data(variables)
    else:
        print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items()))
    return 0
