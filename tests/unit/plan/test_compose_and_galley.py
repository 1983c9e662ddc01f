"""A compose file and the galley.yaml that `galley init` writes: the same plan, for all that both can say."""

from __future__ import annotations

from pathlib import Path

import pytest

from galley_iac.manifest import parse, render
from galley_iac.manifest.compose import parse_compose
from galley_iac.manifest.models import Manifest
from galley_iac.plan.model import Plan
from galley_iac.plan.preview import behind_edge
from galley_iac.plan.render import as_data
from galley_iac.plan.settings import Settings
from tests.unit.plan.support import plan

SHAPES = Path(__file__).parents[2] / "golden" / "manifest" / "shapes"
COMPOSE = sorted(SHAPES.glob("*/*compose.y*ml"))
UNSAID = {"compose-minio-buckets": {"create-bucket"}, "compose-rails": {"sidekiq"}}
"""Services with an entry point, which a galley.yaml cannot say: `galley init` warns of each."""


def imported(path: Path) -> Manifest:
    def neighbour(name: str) -> str | None:
        found = path.parent / name
        return found.read_text(encoding="utf-8") if found.is_file() else None

    return parse_compose(path.read_text(encoding="utf-8"), path.name, neighbour).manifest


def planned(manifest: Manifest) -> Plan:
    """Behind an edge, where a build argument may hold a public address: there is no port in it."""
    settings = Settings(secrets=frozenset({"DB_PASSWORD"}))
    return plan(manifest, address=behind_edge("preview.example"), settings=settings)


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.parent.name)
def test_both_give_the_same_plan(path: Path) -> None:
    manifest = imported(path)
    unsaid = {problem.path.split(".")[1] for problem in render.unsaid(manifest)}
    assert unsaid == UNSAID.get(path.parent.name, set())
    before, after = planned(manifest), planned(parse(render.to_yaml(manifest), "galley.yaml").manifest)
    differing = {
        one.service for one, other in zip(before.containers, after.containers, strict=True) if one != other
    }
    assert differing == unsaid
    assert (before.routes, before.router, before.built_images) == (
        after.routes,
        after.router,
        after.built_images,
    )
    assert unsaid or as_data(before) == as_data(after)


def test_there_are_compose_files_of_many_kinds() -> None:
    assert len(COMPOSE) >= 12
    assert {path.name for path in COMPOSE} == {
        "compose.yaml",
        "compose.yml",
        "docker-compose.yaml",
        "docker-compose.yml",
    }
