"""``galley doctor``: what is on this machine, what is missing, and the remedy for each."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.automation.configuration import config_file, project_settings
from galley_iac.automation.kubernetes import doctor as on_cluster
from galley_iac.cli import setting, target
from galley_iac.errors import UsageError
from galley_iac.plan.cluster import Target
from galley_iac.plan.settings import make_settings
from galley_iac.toolchain import commands
from galley_iac.toolchain.doctor import Finding

_TARGET = "target"


def add_parser(verbs: Any) -> None:
    """Adds the verb; its options are the toolchain's own, and those that say which cluster."""
    parser: argparse.ArgumentParser = verbs.add_parser("doctor", help="what is there and what is missing")
    commands.add_doctor_options(parser)
    target.add_project(parser)
    parser.add_argument(
        "--target", default="", choices=list(Target), metavar="TARGET", help="kubernetes: the cluster too"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when everything that is needed is there, else 3."""
    return commands.doctor_command(args, _cluster(args))


def _cluster(args: argparse.Namespace) -> list[Finding]:
    """Of the project's cluster, where it has one or one was asked for."""
    texts = project_settings(config_file(setting.project_of(args)))
    try:
        found = make_settings(
            texts | ({_TARGET: args.target} if args.target else {}), {}, frozenset()
        ).cluster
    except UsageError as error:
        said, _, remedy = str(error).partition("\n")
        return [Finding("Cluster", False, said, remedy.strip())]
    return on_cluster.examine(found) if found else []
