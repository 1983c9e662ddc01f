"""``galley validate``."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from galley_iac.cli import output
from galley_iac.source.contexts import contexts_of
from galley_iac.source.find import Source, read


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser("validate", help="check the manifest")
    parser.add_argument("-f", "--file", type=Path, default=Path(), help="the manifest, or its folder")
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    parser.add_argument("--profile", action="append", default=[], help="a compose profile to include")
    parser.add_argument("--json", action="store_true", help="data on stdout, for editors and scripts")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Reads the manifest and looks for its build contexts; says what is wrong, or that nothing is."""
    source = read(args.file, strict=args.strict, profiles=tuple(args.profile))
    contexts_of(source)
    if args.json:
        output.data(_as_data(source))
        return 0
    output.warnings(source.notices)
    names = ", ".join(source.manifest.services)
    output.say(f"{source.manifest.file} is right: {names}")
    return 0


def _as_data(source: Source) -> dict[str, object]:
    return {
        "file": source.manifest.file,
        "services": {name: {"kind": service.kind} for name, service in source.manifest.services.items()},
        "warnings": [asdict(notice) for notice in source.notices],
    }
