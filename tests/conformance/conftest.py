"""One manifest on both targets; what each test finds becomes a cell of docs/conformance.md."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.cluster.conftest import cluster, make_space, workload
from tests.cluster.previews.conftest import MakeClusterPreview, make_cluster_preview, pushed
from tests.conformance import outsider as outsiders
from tests.conformance.manifest import CLUSTER, DOCKER, SECRET, TARGETS, text
from tests.conformance.outsider import Outsider
from tests.integration.conftest import (
    MakePreview,
    MakeRepository,
    engine,
    galley,
    make_preview,
    make_repository,
    session,
)
from tests.integration.harness.preview import Preview
from tests.integration.harness.repository import Repository

__all__ = [
    "cluster",
    "engine",
    "galley",
    "make_cluster_preview",
    "make_preview",
    "make_repository",
    "make_space",
    "pushed",
    "session",
    "workload",
]

ENFORCED, APPLIED, REFUSED = "enforced", "applied, not enforced here", "refused, by name and line"
OPEN = "left open"


@dataclass
class Table:
    """Row → target → verdict; a row is the docstring of its test."""

    cells: dict[str, dict[str, str]] = field(default_factory=dict)

    def note(self, row: str, target: str, verdict: str) -> None:
        """The verdict of a test that has passed."""
        self.cells.setdefault(row, {})[target] = verdict


@dataclass
class Cell:
    """What a test says of its target; enforced unless it says otherwise."""

    verdict: str = ENFORCED


TABLE = pytest.StashKey[Table]()


@pytest.fixture(scope="session", autouse=True)
def table(request: pytest.FixtureRequest) -> Table:
    """The table of this session."""
    return request.config.stash.setdefault(TABLE, Table())


@pytest.fixture(scope="module", params=TARGETS)
def target(request: pytest.FixtureRequest) -> str:
    """Each target in turn, with all of a module's tests."""
    return str(request.param)


@pytest.fixture(autouse=True)
def cell() -> Cell:
    """The test's own cell."""
    return Cell()


@pytest.fixture(scope="module")
def preview(
    target: str, make_repository: MakeRepository, request: pytest.FixtureRequest
) -> Iterator[Preview]:
    """The manifest as a preview on the target, with its project's secret set."""
    repository = make_repository(name=f"same-{target[0]}").manifest(text())
    with _made(target, request, repository) as preview:
        done = preview.galley("secret", "set", "KEY", "--from-env", "KEY", at=repository.path, KEY=SECRET)
        assert done.code == 0, done.text
        preview.up()
        yield preview


@pytest.fixture(scope="module")
def outsider(target: str, request: pytest.FixtureRequest) -> Iterator[Outsider]:
    """Somebody else on the same engine or cluster."""
    if target == DOCKER:
        made = outsiders.on_docker(request.getfixturevalue("engine"))
    else:
        made = outsiders.on_cluster(request.getfixturevalue("make_space"))
    with made as found:
        yield found


def _made(
    target: str, request: pytest.FixtureRequest, repository: Repository
) -> contextlib.AbstractContextManager[Preview]:
    if target == DOCKER:
        on_docker: MakePreview = request.getfixturevalue("make_preview")
        return on_docker(repository)
    assert target == CLUSTER
    on_cluster: MakeClusterPreview = request.getfixturevalue("make_cluster_preview")
    return on_cluster(repository)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    report = yield
    known: dict[str, Any] = getattr(item, "funcargs", {})
    if call.when == "call" and report.passed and "target" in known:
        function: Any = item.function  # type: ignore[attr-defined]
        item.config.stash[TABLE].note(function.__doc__, known["target"], known["cell"].verdict)
    return report
