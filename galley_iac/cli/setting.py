"""What ``galley secret`` and ``galley var`` share: whose setting it is, and its removal."""

from __future__ import annotations

import argparse
import os
import re

from galley_iac.automation.configuration import ConfigFile, project_stack
from galley_iac.cli import output, target
from galley_iac.errors import UsageError
from galley_iac.request import Request, identity_for
from galley_iac.source.repository import root_of

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OURS = "GALLEY_"


def actions(parser: argparse.ArgumentParser) -> tuple[argparse.ArgumentParser, ...]:
    """The parsers of ``set``, ``rm`` and ``ls``, each with the options that say whose setting it is."""
    verbs = parser.add_subparsers(metavar="ACTION", required=True)
    made = tuple(verbs.add_parser(name) for name in ("set", "rm", "ls"))
    for action in made:
        target.add_options(action)
    made[1].add_argument("name")
    return made


def stack(args: argparse.Namespace) -> tuple[str, bool]:
    """(stack, whether it is a preview's own): one preview's when a branch or pull request is named."""
    if args.branch or args.pr is not None:
        return target.name(args), True
    return project_of(args), False


def project_of(args: argparse.Namespace) -> str:
    """The stack that holds what is set for the project."""
    folder = target.folder(args)
    identity = identity_for(Request(folder, branch="-", project=args.project), root_of(folder))
    return project_stack(identity.project)


def checked(name: str) -> str:
    """The name, fit for ``${NAME}`` and not one of ours."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name} is not a variable's name", "use letters, digits and _, not beginning with a digit"
        )
    if name.startswith(_OURS):
        raise UsageError(f"{name}: names that begin with {_OURS} are Galley's own", "choose another name")
    return name


def from_environment(variable: str) -> str:
    """The value of an environment variable that was named for this purpose."""
    if variable not in os.environ:
        raise UsageError(f"the environment has no {variable}", "export it first")
    return os.environ[variable]


def remove(args: argparse.Namespace, file: ConfigFile, key: str) -> int:
    """Takes a name out of a map of the configuration."""
    values = dict(file.config().get(key) or {})
    if args.name not in values:
        raise UsageError(f"{args.name} is not set there", f"set are: {', '.join(sorted(values)) or 'none'}")
    del values[args.name]
    file.merge({key: values or None})
    output.say(f"{args.name} is removed; the next `galley up` is without it")
    return 0
