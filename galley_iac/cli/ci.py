"""``galley ci``: what a forge's event means for a preview, decided and done."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from galley_iac.cli import output, target
from galley_iac.forge.model import ForgeKind, Subject
from galley_iac.forge.policy import Policy


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        "ci", help="do what a forge's event asks for: bring a preview up, remove it, answer a comment"
    )
    add = parser.add_argument
    add("-f", "--file", type=Path, default=Path(), help="the manifest, or its folder (default: .)")
    add("--project", default="", help="the project's name (default: the repository's)")
    add("--json", action="store_true", help="data on stdout, for scripts")
    target.add_plan_options(parser)
    add("--drafts", action="store_true", help="drafts get a preview too")
    add("--paths", action="append", default=[], metavar="PATTERN", help="only if one of these is changed")
    add("--branches", action="append", default=[], metavar="PATTERN", help="branches that have a preview")
    add("--label", default="", help="only pull requests with this label")
    add("--event", default="", metavar="NAME", help="the event's name (default: the runner's)")
    add("--payload", default="", metavar="FILE", help="its payload; - for stdin (default: the runner's)")
    add("--forge", choices=[kind.value for kind in ForgeKind], help="whose (default: the runner's)")
    add("--api", default="", metavar="URL", help="the forge's API (default: the runner's)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Reads the event and does what it asks for. 0 also when there is nothing to do."""
    import os

    from galley_iac.cli.pipeline import trigger

    found = trigger.read(args, os.environ)
    if found.event.subject is Subject.NONE:
        return _nothing(args, found.event.action)
    from galley_iac.cli.pipeline.acts import carry_out
    from galley_iac.cli.pipeline.job import make_job

    job = make_job(args, found, _policy(args))
    done = carry_out(job)
    if args.json:
        output.data(done.as_data())
    return 0


def _policy(args: argparse.Namespace) -> Policy:
    return Policy(args.drafts, tuple(args.paths), tuple(args.branches), args.label)


def _nothing(args: argparse.Namespace, action: str) -> int:
    why = f"no preview depends on this event ({action})"
    output.say(f"nothing: {why}")
    if args.json:
        output.data({"act": "nothing", "why": why})
    return 0
