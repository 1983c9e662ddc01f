"""``galley secret``."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from galley_iac.automation.configuration import PROJECT_SECRETS, SECRETS, config_file
from galley_iac.cli import output, setting
from galley_iac.errors import UsageError


def add_parser(verbs: Any) -> None:
    """Adds the verb with its actions."""
    parser = verbs.add_parser("secret", help="set, list and remove secrets of the project or of one preview")
    set_, rm, ls = setting.actions(parser)
    set_.add_argument("name")
    set_.add_argument("--from-env", metavar="VARIABLE", help="take the value from this environment variable")
    set_.set_defaults(run=_set)
    rm.set_defaults(run=_rm)
    ls.set_defaults(run=_ls)


def _set(args: argparse.Namespace) -> int:
    """The value comes from standard input or the environment: arguments can be seen by other users."""
    from galley_iac.automation.workspace import Workspace

    name = setting.checked(args.name)
    value = _value(args)
    stack, own = setting.stack(args)
    Workspace().set_secret(stack, SECRETS if own else PROJECT_SECRETS, name, value)
    output.say(f"{name} is set for {stack}; the next `galley up` passes it on")
    return 0


def _value(args: argparse.Namespace) -> str:
    if args.from_env:
        return setting.from_environment(args.from_env)
    if sys.stdin.isatty():
        output.say(f"value of {args.name}, then Ctrl-D:")
    value = sys.stdin.read().removesuffix("\n")
    if not value:
        raise UsageError("the value is empty", f"printf %s VALUE | galley secret set {args.name}")
    return value


def _rm(args: argparse.Namespace) -> int:
    stack, own = setting.stack(args)
    return setting.remove(args, config_file(stack), SECRETS if own else PROJECT_SECRETS)


def _ls(args: argparse.Namespace) -> int:
    """Names only; nobody is shown a value."""
    stack, own = setting.stack(args)
    names = sorted(config_file(stack).names(SECRETS if own else PROJECT_SECRETS))
    if args.json:
        output.data(names)
    else:
        print("\n".join(names))
    return 0
