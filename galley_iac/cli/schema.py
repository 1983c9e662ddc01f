"""``galley schema``."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.manifest import schema


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser("schema", help="print the JSON Schema of galley.yaml")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    """Prints the schema, for editors."""
    print(schema.text(), end="")
    return 0
