"""``galley registry``."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from galley_iac.automation.configuration import PROJECT_REGISTRIES, config_file, inside
from galley_iac.cli import output, setting, target
from galley_iac.engine.registries import OPEN
from galley_iac.errors import UsageError
from galley_iac.plan.registries import host_of


def add_parser(verbs: Any) -> None:
    """Adds the verb with its actions."""
    parser = verbs.add_parser("registry", help="logins to private registries, for the whole project")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    login, ls, rm = (actions.add_parser(name) for name in ("login", "ls", "rm"))
    for action, run in ((login, _login), (ls, _ls), (rm, _rm)):
        target.add_project(action)
        action.set_defaults(run=run)
    login.add_argument("host", help="registry.example.com, or with a port")
    login.add_argument("-u", "--user", required=True, help="the password is read from standard input")
    login.add_argument("--untrusted", action="store_true", help="previews of outsiders' branches use it too")
    ls.add_argument("--json", action="store_true", help="data on stdout, for scripts")
    rm.add_argument("host")


def _login(args: argparse.Namespace) -> int:
    """The password comes from standard input: arguments can be seen by other users."""
    from galley_iac.automation.workspace import Workspace

    host, password = _checked(args.host), _password(args)
    stack = setting.project_of(args)
    file = config_file(stack)
    workspace = Workspace()
    workspace.create(stack)
    known = file.config().get(PROJECT_REGISTRIES) or {}
    entry = {"username": args.user, **({OPEN: "true"} if args.untrusted else {})}
    file.merge({PROJECT_REGISTRIES: {**known, host: entry}})
    workspace.set_secret(stack, inside(PROJECT_REGISTRIES, host), "password", password)
    output.say(f"{host} is set for {stack}; the next `galley up` pulls from it as {args.user}")
    return 0


def _checked(host: str) -> str:
    if "://" in host or "/" in host or not host or not set(host).isdisjoint("\"'\\ "):
        raise UsageError(
            f"{host} is not a registry's host", "write it as in an image's name: registry.example.com:5000"
        )
    return host_of(host)


def _password(args: argparse.Namespace) -> str:
    if sys.stdin.isatty():
        output.say(f"password of {args.user}, then Ctrl-D:")
    password = sys.stdin.read().removesuffix("\n")
    if not password:
        raise UsageError(
            "the password is empty", f"printf %s PASSWORD | galley registry login {args.host} -u {args.user}"
        )
    return password


def _ls(args: argparse.Namespace) -> int:
    """Hosts and users; nobody is shown a password."""
    found = config_file(setting.project_of(args)).config().get(PROJECT_REGISTRIES) or {}
    listed = [
        {"host": host, "user": found[host].get("username", ""), "untrusted": OPEN in found[host]}
        for host in sorted(found)
    ]
    if args.json:
        output.data(listed)
    else:
        lines = (f"{one['host']}  {one['user']}{'  (untrusted too)' * one['untrusted']}" for one in listed)
        print("\n".join(lines))
    return 0


def _rm(args: argparse.Namespace) -> int:
    file, host = config_file(setting.project_of(args)), host_of(args.host)
    known = dict(file.config().get(PROJECT_REGISTRIES) or {})
    if known.pop(host, None) is None:
        there = ", ".join(sorted(known)) or "none"
        raise UsageError(f"{host} is not set there", f"set are: {there}")
    file.merge({PROJECT_REGISTRIES: known or None})
    output.say(f"{host} is removed; the next `galley up` is without it")
    return 0
