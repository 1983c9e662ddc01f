"""What is new on every deploy because something it depends on begins empty."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from galley_iac.plan.model import Container, Plan
from galley_iac.plan.renewal import refilled, renewed
from galley_iac.request import Request, prepare

SEED = """\
version: 1
services:
  db: {kind: database, image: "postgres:16-alpine", ephemeral: EPHEMERAL}
  cache: {kind: cache, image: "redis:7-alpine"}
  migrate: {kind: worker, restart: never, image: "app:1", depends_on: [db]}
  seed: {kind: worker, restart: never, image: "app:1", depends_on: [migrate]}
  api: {kind: api, image: "app:1", expose: 80, depends_on: [db, cache]}
  worker: {kind: worker, image: "app:1", depends_on: [cache, migrate]}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "galley.yaml").write_text(SEED.replace("EPHEMERAL", "true"))
    return prepare(Request(tmp_path, branch="main", project="shop")).plan


def with_container(plan: Plan, service: str, **changes: object) -> Plan:
    def change(container: Container) -> Container:
        return replace(container, **changes) if container.service == service else container  # type: ignore[arg-type]

    return replace(plan, containers=tuple(map(change, plan.containers)))


def test_what_filled_an_ephemeral_database_runs_again(plan: Plan) -> None:
    assert renewed(plan) == {"db", "migrate", "seed", "api"}


def test_a_worker_behind_a_job_stays(plan: Plan) -> None:
    assert "worker" not in renewed(plan)


def test_nothing_is_renewed_when_all_data_is_kept(plan: Plan) -> None:
    assert renewed(with_container(plan, "db", ephemeral=False)) == frozenset()


def test_an_ephemeral_cache_renews_itself_alone(plan: Plan) -> None:
    changed = with_container(with_container(plan, "db", ephemeral=False), "cache", ephemeral=True)
    assert renewed(changed) == {"cache"}


def test_what_fills_one_service_whatever_else_is_ephemeral(plan: Plan) -> None:
    kept = with_container(plan, "db", ephemeral=False)
    assert refilled(kept, "db") == refilled(plan, "db") == {"db", "migrate", "seed", "api"}
    assert refilled(plan, "cache") == {"cache"}
