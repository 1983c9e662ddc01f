"""``galley access``: who may enter the previews of a project whose setting ``access`` is not ``public``."""

from __future__ import annotations

import argparse
import secrets
import sys
from typing import Any

from galley_iac.automation.configuration import PROJECT_ACCESS, config_file
from galley_iac.cli import output, setting, target
from galley_iac.edge.access import BYPASS_COOKIE, BYPASS_HEADER, HASH, TOKEN, USER, USER_PREFIX
from galley_iac.errors import UsageError

_TOKEN_BYTES = 32


def add_parser(verbs: Any) -> None:
    """Adds the verb with its actions."""
    parser = verbs.add_parser("access", help="users and the token that open the project's previews")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    made = {name: actions.add_parser(name) for name in ("user", "token", "ls", "rm")}
    runs = {"user": _user, "token": _token, "ls": _ls, "rm": _rm}
    for name, action in made.items():
        target.add_project(action)
        action.set_defaults(run=runs[name])
    made["user"].add_argument("name", help="the password is read from standard input")
    made["user"].add_argument("--hash", action="store_true", help="what is read is a bcrypt hash")
    made["rm"].add_argument("name", help="a user's, or token")


def _user(args: argparse.Namespace) -> int:
    """The password comes from standard input: arguments can be seen by other users."""
    from galley_iac.automation.workspace import Workspace
    from galley_iac.engine.passwords import bcrypt

    if not USER.fullmatch(args.name) or args.name == TOKEN:
        raise UsageError(f"{args.name!r} is no user's name", "use letters, digits and . _ @ -")
    text = _read(args)
    hashed = text if args.hash else bcrypt(target.client(), text)
    if not HASH.fullmatch(hashed):
        raise UsageError("that is no bcrypt hash", "it looks like $2y$10$..., as `htpasswd -nB` writes it")
    stack = setting.project_of(args)
    Workspace().set_secret(stack, PROJECT_ACCESS, f"{USER_PREFIX}{args.name}", hashed)
    output.say(f"{args.name} is set for {stack}; the next `galley up` lets them in")
    return 0


def _read(args: argparse.Namespace) -> str:
    if sys.stdin.isatty():
        output.say(f"{'hash' if args.hash else 'password'} of {args.name}, then Ctrl-D:")
    text = sys.stdin.read().removesuffix("\n")
    if not text or "\n" in text:
        raise UsageError("that is not one line", f"printf %s PASSWORD | galley access user {args.name}")
    return text


def _token(args: argparse.Namespace) -> int:
    """A new token, shown this once."""
    from galley_iac.automation.workspace import Workspace

    stack, token = setting.project_of(args), secrets.token_urlsafe(_TOKEN_BYTES)
    Workspace().set_secret(stack, PROJECT_ACCESS, TOKEN, token)
    where = f"header {BYPASS_HEADER} or cookie {BYPASS_COOKIE}"
    output.say(f"the token of {stack}, from the next `galley up` on, as {where}:")
    print(token)
    return 0


def _ls(args: argparse.Namespace) -> int:
    """Names only; nobody is shown a hash or the token again."""
    names = sorted(config_file(setting.project_of(args)).names(PROJECT_ACCESS))
    print("\n".join(name.removeprefix(USER_PREFIX) for name in names))
    return 0


def _rm(args: argparse.Namespace) -> int:
    args.name = args.name if args.name == TOKEN else f"{USER_PREFIX}{args.name}"
    return setting.remove(args, config_file(setting.project_of(args)), PROJECT_ACCESS)
