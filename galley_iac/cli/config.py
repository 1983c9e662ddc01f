"""``galley config``."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.automation.configuration import NAMESPACE, PROJECT_SETTINGS, config_file
from galley_iac.cli import output, setting
from galley_iac.plan.settings import KEYS, check


def add_parser(verbs: Any) -> None:
    """Adds the verb with its actions."""
    settings = "\n".join(f"  {name:<16} {key.summary}: {key.form}" for name, key in KEYS.items())
    parser = verbs.add_parser(
        "config",
        help="settings of the project or of one preview: limits, domain, subnets",
        description=f"settings:\n{settings}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    set_, rm, ls = setting.actions(parser)
    set_.add_argument("name", metavar="NAME", help=", ".join(KEYS))
    set_.add_argument("value")
    set_.set_defaults(run=_set)
    rm.set_defaults(run=_rm)
    ls.set_defaults(run=_ls)


def _set(args: argparse.Namespace) -> int:
    check(args.name, args.value)
    stack, own = setting.stack(args)
    file = config_file(stack)
    if own:
        file.merge({f"{NAMESPACE}:{args.name}": args.value})
    else:
        values = file.config().get(PROJECT_SETTINGS) or {}
        file.merge({PROJECT_SETTINGS: {**values, args.name: args.value}})
    output.say(f"{args.name} is set for {stack}; the next `galley up` honours it")
    return 0


def _rm(args: argparse.Namespace) -> int:
    stack, own = setting.stack(args)
    file = config_file(stack)
    if not own:
        return setting.remove(args, file, PROJECT_SETTINGS)
    file.merge({f"{NAMESPACE}:{args.name}": None})
    output.say(f"{args.name} is removed; the next `galley up` is without it")
    return 0


def _ls(args: argparse.Namespace) -> int:
    stack, own = setting.stack(args)
    config = config_file(stack).config()
    values = config.get(PROJECT_SETTINGS) or {}
    if own:
        values = {name: config[key] for name in KEYS if (key := f"{NAMESPACE}:{name}") in config}
    if args.json:
        output.data(values)
    else:
        print("\n".join(f"{name}={values[name]}" for name in sorted(values)))
    return 0
