"""``galley ls``."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.automation import tags
from galley_iac.automation.kubernetes import places
from galley_iac.cli import output, target
from galley_iac.cli.status import current
from galley_iac.engine.live import observe_all
from galley_iac.engine.status import PreviewStatus, preview_status


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser("ls", help="all previews")
    parser.add_argument("--project", default="", help="only this project's")
    parser.add_argument("--json", action="store_true", help="data on stdout, for scripts")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints every preview: those that live on the engine, and stacks of which nothing lives."""
    from galley_iac.automation.configuration import is_preview
    from galley_iac.automation.workspace import Workspace

    lives = observe_all(target.client())
    found = {
        name: preview_status(name, live, asleep=tags.is_asleep(name, live)) for name, live in lives.items()
    }
    for name in filter(is_preview, Workspace().names()):
        found.setdefault(name, current(name) if places.context_of(name) is not None else _absent(name))
    wanted = [found[name] for name in sorted(found) if args.project in ("", found[name].project)]
    if args.json:
        output.data([status.as_data(details=False) for status in wanted])
    else:
        print("\n".join(_line(status) for status in wanted) or "no previews")
    return 0


def _absent(name: str) -> PreviewStatus:
    return PreviewStatus(name, "", "", None)


def _line(status: PreviewStatus) -> str:
    urls = "  ".join(service.url for service in status.services if service.url)
    return f"{status.preview:<40} {status.state:<9} {urls}".rstrip()
