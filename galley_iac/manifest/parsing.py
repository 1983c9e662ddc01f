"""Text of a galley.yaml → Manifest, in tiers: YAML, shape and values, rules, meaning. All problems in one
run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from galley_iac.errors import InputError, Problem
from galley_iac.manifest import explain, nodes, normalise, rules, tree
from galley_iac.manifest.models import Manifest
from galley_iac.manifest.source import Source


@dataclass(frozen=True)
class Parsed:
    """A manifest and what its author should know: assumptions, and things without effect, in the order of the
    file.
    """

    manifest: Manifest
    notices: tuple[Problem, ...] = ()


def parse(text: str, file: str) -> Parsed:
    """Read a galley.yaml. ``file`` is its name as errors show it. Raises InputError with every problem
    found.
    """
    problems: list[Problem] = []
    source = Source(file, _without_extensions(tree.parse(text, file, problems)))
    written = explain.read(source, problems)
    problems.extend(rules.check(source, written))
    if problems:
        raise InputError(problems)
    notices: list[Problem] = []
    manifest = normalise.manifest(source, written, notices)
    return Parsed(manifest, tuple(sorted(set(notices))))


def _without_extensions(root: nodes.Node) -> nodes.Node:
    """The tree without the keys of the top that begin with ``x-``."""
    if not isinstance(root, nodes.Mapping):
        return root
    return replace(root, entries={k: v for k, v in root.entries.items() if not k.startswith("x-")})
