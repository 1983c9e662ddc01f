"""The options that name a preview, and the request they make. Every verb that works on one preview shares
them.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import docker

from galley_iac.automation.configuration import with_settings
from galley_iac.cli import output
from galley_iac.engine.client import connect
from galley_iac.errors import MachineError, UsageError
from galley_iac.plan.cluster import Target
from galley_iac.plan.identity import Identity, is_name, preview_name
from galley_iac.request import Prepared, Request, identity_for, prepare
from galley_iac.source.repository import current_branch, root_of
from galley_iac.toolchain import engine


def add_options(parser: argparse.ArgumentParser, *, short: bool = True) -> None:
    """``-f``, ``--branch``, ``--pr``, ``--project``, ``--json``; without ``short``, ``-f`` is left to the
    verb.
    """
    flags = ("-f", "--file") if short else ("--file",)
    parser.add_argument(*flags, type=Path, default=Path(), help="the manifest, or its folder (default: .)")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--branch", help="the branch (default: the current git branch)")
    which.add_argument("--pr", type=_number, metavar="N", help="the pull request's number")
    parser.add_argument("--project", default="", help="the project's name (default: the repository's)")
    parser.add_argument("--json", action="store_true", help="data on stdout, for scripts")


def add_project(parser: argparse.ArgumentParser) -> None:
    """``-f`` and ``--project``, for what is set for a whole project."""
    parser.add_argument("-f", "--file", type=Path, default=Path(), help="the manifest, or its folder")
    parser.add_argument("--project", default="", help="the project's name (default: the repository's)")


def add_plan_options(parser: argparse.ArgumentParser) -> None:
    """Options of the verbs that read the manifest as a whole."""
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    parser.add_argument("--profile", action="append", default=[], help="a compose profile to include")
    parser.add_argument("--domain", default="", help="where previews answer (default: localhost)")
    parser.add_argument(
        "--target", default="", choices=list(Target), metavar="TARGET", help="docker (default) or kubernetes"
    )
    parser.add_argument("--var", action="append", default=[], metavar="NAME=VALUE", help="a project variable")
    parser.add_argument(
        "--untrusted", action="store_true", help="an outsider's branch: it gets substitutes for secrets"
    )


def add_name(parser: argparse.ArgumentParser) -> None:
    """``--name``, for verbs that need no manifest. Kept as ``preview``: a setting's name is ``name``."""
    parser.add_argument(
        "--name", dest="preview", default="", help="the preview by its own name, as `galley ls` shows it"
    )


def request(args: argparse.Namespace) -> Request:
    """The request that the options make; the branch is the current one unless one is named."""
    return Request(
        manifest=args.file,
        branch="" if args.pr is not None else branch(args),
        pull_request=args.pr,
        project=args.project,
        strict=getattr(args, "strict", False),
        profiles=tuple(getattr(args, "profile", ())),
        untrusted=getattr(args, "untrusted", False),
        rebuild=getattr(args, "rebuild", False),
        own_settings={name: text for name in ("domain", "target") if (text := getattr(args, name, ""))},
        own_variables=dict(map(_assignment, getattr(args, "var", ()))),
    )


def prepared(args: argparse.Namespace, *, engine: bool = True) -> Prepared:
    """The plan that the options ask for, with what is set for the project; its warnings are printed.

    With ``engine``, the engine is looked for, and recorded with the preview.
    """
    asked = with_settings(request(args), root_of(folder(args)))
    done = prepare(asked)
    if engine:
        done = dataclasses.replace(done, request=dataclasses.replace(asked, engine=engine_host()))
    output.warnings(done.source.notices)
    return done


def branch(args: argparse.Namespace) -> str:
    """The branch asked for; UsageError when there is none to be had."""
    if args.branch:
        return str(args.branch)
    where = folder(args)
    found = current_branch(where)
    if not found:
        raise UsageError(
            f"{where.resolve()}: no git branch is checked out here", "name one: --branch NAME or --pr N"
        )
    return found


def name(args: argparse.Namespace) -> str:
    """The preview's name, without reading the manifest: a preview can be removed when its file is broken or
    gone.
    """
    owner = identity(args)
    return preview_name(owner) if owner else _checked(str(args.preview))


def identity(args: argparse.Namespace) -> Identity | None:
    """Whose preview is meant; None where it was named outright."""
    if getattr(args, "preview", ""):
        return None
    return identity_for(request(args), root_of(folder(args)))


def client(asked: str | None = None) -> docker.DockerClient:
    """A connection to the engine asked for, else to the one that this machine has."""
    return connect(asked or engine_host())


def engine_host() -> str:
    """The engine that this machine has; MachineError when there is none."""
    found = engine.find()
    if found is None:
        raise MachineError(
            "no Docker engine was found", "start Docker, set DOCKER_HOST, or run `galley setup`"
        )
    return found.host


def _checked(name: str) -> str:
    """A preview's name, which becomes a part of files' names: UsageError for anything that cannot be one."""
    if not is_name(name):
        raise UsageError(f"{name!r} is no preview's name", "`galley ls` shows those there are")
    return name


def folder(args: argparse.Namespace) -> Path:
    """The manifest's folder, whether or not there is a manifest."""
    return Path(args.file if args.file.is_dir() else args.file.parent)


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a pull request's number")
    return int(text)


def _assignment(text: str) -> tuple[str, str]:
    variable, equals, value = text.partition("=")
    if not equals or not variable:
        raise UsageError(f"--var {text}: not an assignment", "write --var NAME=VALUE")
    return variable, value
