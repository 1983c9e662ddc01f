"""``galley wake``."""

from __future__ import annotations

import argparse
import time
from typing import Any

from galley_iac.automation.progress import Phase
from galley_iac.cli import output, target


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser("wake", help="start a sleeping preview again")
    target.add_options(parser)
    target.add_name(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Starts the preview's containers and waits until they are ready; prints its URLs."""
    from galley_iac.automation.wake import wake
    from galley_iac.automation.workspace import Workspace

    begun = time.monotonic()
    name = target.name(args)
    status = wake(Workspace(), target.client(), name, _Lines().show)
    if args.json:
        output.data(status.as_data())
        return 0
    output.say(f"\n{name}: awake in {time.monotonic() - begun:.1f} s")
    output.urls(status)
    return 0


class _Lines:
    """A line per service and phase, as `galley up` prints them where there is no terminal."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}

    def show(self, service: str, phase: Phase) -> None:
        """Prints the phase, and how long it took once it is the last one."""
        now = time.monotonic()
        took = now - self._since.setdefault(service, now)
        output.say(f"{service}: {phase}{f' ({took:.1f} s)' if phase is Phase.READY else ''}")
