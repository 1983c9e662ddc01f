"""What can be asked for on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from pathlib import Path

from bench import cases
from bench.catalog import catalog

CONTENDERS = ("galley", "compose", "pulumi")
_USUAL_APPLICATIONS = "five,seed,twenty,large"


def parse(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The options; wrong ones end the program with what would be right."""
    parser = argparse.ArgumentParser(prog="bench", description="galley beside docker compose and bare Pulumi")
    parser.add_argument("--apps", type=_among(catalog()), default=_USUAL_APPLICATIONS, metavar="NAME,...")
    for option, known in (("--cases", cases.NAMES), ("--contenders", CONTENDERS)):
        parser.add_argument(option, type=_among(known), default=",".join(known), metavar="NAME,...")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured (default: 5)")
    parser.add_argument("--minutes", type=float, default=120, help="after these nothing new is begun (120)")
    parser.add_argument("--seed", type=int, default=1, help="decides the order and the files' contents (1)")
    parser.add_argument("--json", type=Path, help="where to write every single time")
    return parser.parse_args(words)


class _among:  # noqa: N801
    """Reads a list of known names, separated by commas."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known

    def __call__(self, text: str) -> list[str]:
        names = [name for name in text.split(",") if name]
        wrong = [name for name in names if name not in self._known]
        if wrong or not names:
            raise argparse.ArgumentTypeError(f"{text!r}: choose among {', '.join(self._known)}")
        return names
