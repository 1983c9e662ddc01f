"""What goes where: data to stdout, everything else to stderr; errors as text, or with ``--json`` as data."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from galley_iac.engine.status import PreviewStatus
from galley_iac.errors import GalleyError, Problem


def data(value: object) -> None:
    """Prints a JSON document."""
    print(json.dumps(value, indent=2, sort_keys=False))


def urls(status: PreviewStatus) -> None:
    """Prints where the preview answers, a line per service."""
    for service in status.services:
        if service.url:
            print(f"  {service.service:<12} {service.url}")


def say(text: str) -> None:
    """Prints a line for a person."""
    print(text, file=sys.stderr, flush=True)


def warnings(notices: Iterable[Problem]) -> None:
    """Prints what is noteworthy but not wrong."""
    for notice in notices:
        say(f"warning: {notice}")


def error(problem: GalleyError, *, as_json: bool) -> int:
    """Prints an error; returns its exit code."""
    if as_json:
        data({"error": problem.as_json()})
    else:
        say(f"error: {problem}" if not problem.problems else str(problem))
    return problem.exit_code
