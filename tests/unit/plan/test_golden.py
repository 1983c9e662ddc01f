"""The plan of every example, as people read it and as data, is the text that is checked in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from galley_iac.manifest import parse
from galley_iac.plan.explain import as_text
from galley_iac.plan.identity import Identity
from galley_iac.plan.model import Plan
from galley_iac.plan.preview import Address, behind_edge
from galley_iac.plan.render import as_data
from galley_iac.plan.settings import Settings
from tests.unit.plan.support import EXAMPLES, plan

GOLDEN = Path(__file__).parents[2] / "golden" / "plan"
MANIFESTS = sorted(EXAMPLES.glob("*/galley*.yaml"))
SETTINGS = Settings(secrets=frozenset({"S3_SECRET_KEY"}))

Golden = Callable[[Path, str], None]


def name_of(path: Path) -> str:
    return f"{path.parent.name}{path.stem.removeprefix('galley')}"


def example(path: Path, address: Address | None = None) -> Plan:
    """The example as a preview of a branch; the contexts' digests are made up, so that they stay."""
    manifest = parse(path.read_text(encoding="utf-8"), path.name).manifest
    return plan(manifest, Identity(path.parent.name, branch="main"), address, SETTINGS)


def test_there_are_examples() -> None:
    assert [name_of(path) for path in MANIFESTS] == [
        "flask",
        "polyglot",
        "python.migrate-on-start",
        "python",
        "static",
    ]


@pytest.mark.parametrize("path", MANIFESTS, ids=name_of)
def test_in_words(path: Path, golden: Golden) -> None:
    golden(GOLDEN / f"{name_of(path)}.txt", as_text(example(path)) + "\n")


@pytest.mark.parametrize("path", MANIFESTS, ids=name_of)
def test_as_data(path: Path, golden: Golden) -> None:
    golden(
        GOLDEN / f"{name_of(path)}.json", json.dumps(as_data(example(path)), indent=1, sort_keys=True) + "\n"
    )


def test_behind_an_edge(golden: Golden) -> None:
    made = example(EXAMPLES / "polyglot" / "galley.yaml", behind_edge("preview.example"))
    golden(GOLDEN / "polyglot.edge.txt", as_text(made) + "\n")
