"""``galley var``."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.automation.configuration import PROJECT_VARIABLES, VARIABLES, config_file
from galley_iac.cli import output, setting


def add_parser(verbs: Any) -> None:
    """Adds the verb with its actions."""
    parser = verbs.add_parser("var", help="set, list and remove plain variables")
    set_, rm, ls = setting.actions(parser)
    set_.add_argument("name")
    set_.add_argument("value")
    set_.set_defaults(run=_set)
    rm.set_defaults(run=_rm)
    ls.set_defaults(run=_ls)


def _set(args: argparse.Namespace) -> int:
    stack, own = setting.stack(args)
    key = VARIABLES if own else PROJECT_VARIABLES
    file = config_file(stack)
    values = file.config().get(key) or {}
    file.merge({key: {**values, setting.checked(args.name): args.value}})
    output.say(f"{args.name} is set for {stack}; the next `galley up` passes it on")
    return 0


def _rm(args: argparse.Namespace) -> int:
    stack, own = setting.stack(args)
    return setting.remove(args, config_file(stack), VARIABLES if own else PROJECT_VARIABLES)


def _ls(args: argparse.Namespace) -> int:
    stack, own = setting.stack(args)
    values = config_file(stack).config().get(VARIABLES if own else PROJECT_VARIABLES) or {}
    if args.json:
        output.data(values)
    else:
        print("\n".join(f"{name}={values[name]}" for name in sorted(values)))
    return 0
