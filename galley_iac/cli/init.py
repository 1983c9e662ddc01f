"""``galley init``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from galley_iac.cli import output
from galley_iac.errors import InputError, UsageError
from galley_iac.manifest import render
from galley_iac.source.find import GALLEY_NAMES, Source, read


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    summary = "write the galley.yaml that a compose file amounts to"
    parser: argparse.ArgumentParser = verbs.add_parser("init", help=summary, description=summary)
    parser.add_argument("-f", "--file", type=Path, default=Path(), help="the compose file, or its folder")
    parser.add_argument("--profile", action="append", default=[], help="a compose profile to include")
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    parser.add_argument("--stdout", action="store_true", help="print it instead of writing galley.yaml")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Writes galley.yaml beside the compose file; what it cannot say is a warning."""
    source = read(args.file, strict=args.strict, profiles=tuple(args.profile))
    warnings = (*source.notices, *render.unsaid(source.manifest))
    if args.strict and warnings:
        raise InputError(warnings)
    output.warnings(warnings)
    text = f"# Written by `galley init` from {source.path.name}.\n{render.to_yaml(source.manifest)}"
    if args.stdout:
        print(text, end="")
        return 0
    written = _write(source, text)
    output.say(f"wrote {written}; `galley validate` checks it, `galley up` brings it up")
    return 0


def _write(source: Source, text: str) -> Path:
    for name in GALLEY_NAMES:
        if (source.folder / name).exists():
            raise UsageError(f"{source.folder / name} is there already", "remove it, or print with --stdout")
    path = source.folder / GALLEY_NAMES[0]
    path.write_text(text, encoding="utf-8")
    return path
