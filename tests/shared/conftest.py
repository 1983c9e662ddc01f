"""The two kinds of shared backend, and two runners that use one."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from galley_iac.toolchain import locate
from tests.integration.conftest import MakeRepository, engine, make_repository, session  # noqa: F401
from tests.integration.harness.engine import Engine
from tests.integration.harness.repository import Repository
from tests.shared import database, runners, store
from tests.shared.runners import Runner, SharedGalley

MANIFEST = """
    version: 1
    services:
      api:
        kind: api
        build: {path: ./, start: "sleep 4 && exec python3 -u /server.py"}
        expose: 8000
        health: {path: /healthz, timeout: 600s}
      cache:
        kind: cache
        image: redis:7-alpine
        expose: 6379
"""


@dataclass(frozen=True)
class Backend:
    """A backend that nobody has used yet."""

    kind: str
    environment: dict[str, str]


@pytest.fixture(scope="session")
def postgres(engine: Engine) -> Iterator[database.Database]:  # noqa: F811
    with database.started(engine) as server:
        yield server


@pytest.fixture(scope="session")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[store.Store]:
    with store.started(tmp_path_factory.mktemp("store")) as server:
        yield server


NewBackend = Callable[[str], Backend]


@pytest.fixture(scope="session")
def new_backend(postgres: database.Database, objects: store.Store) -> NewBackend:
    """An empty backend of the kind ``postgres`` or ``s3``."""
    numbers = itertools.count(1)

    def make(kind: str) -> Backend:
        name = f"state{next(numbers)}"
        url, login = (
            (postgres.create(name), {}) if kind == "postgres" else (objects.create(name), objects.login)
        )
        return Backend(
            kind, {"PULUMI_BACKEND_URL": url, "PULUMI_CONFIG_PASSPHRASE": "the team's own", **login}
        )

    return make


@dataclass(frozen=True)
class Pair:
    """Two runners of one team, and the repository that both have checked out."""

    backend: Backend
    engine: Engine
    repository: Repository
    one: Runner
    two: Runner

    def preview(self, branch: str) -> str:
        """The name that a branch's preview gets."""
        return f"{branch}-{self.repository.project}"

    def stacks(self) -> str:
        """Every stack of the backend, as plain ``pulumi`` lists them."""
        done = self.one.pulumi("stack", "ls")
        assert done.code == 0, done.text
        return done.out


MakePair = Callable[[str], Pair]


@pytest.fixture(scope="session")
def make_pair(
    engine: Engine,  # noqa: F811
    make_repository: MakeRepository,  # noqa: F811
    new_backend: NewBackend,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[MakePair]:
    """Makes two runners for a kind of backend; what they leave running is ended, and fails the test."""
    tools = locate.locate()
    assert tools is not None, "Pulumi is not there: run `make test`, which installs it"
    made: list[Runner] = []

    def make(kind: str) -> Pair:
        backend = new_backend(kind)
        repository = make_repository().manifest(MANIFEST)
        repository.git("remote", "add", "origin", f"https://git.example.test/team/{repository.project}.git")
        two = [
            runners.make(
                SharedGalley(tmp_path_factory.mktemp("home"), engine.host, tools, backend.environment),
                repository,
                tmp_path_factory.mktemp("checkout"),
            )
            for _ in range(2)
        ]
        made.extend(two)
        return Pair(backend, engine, repository, *two)

    yield make
    left = {number: text for runner in made for number, text in runner.galley.processes().items()}
    for number in left:
        os.kill(number, signal.SIGKILL)
    assert left == {}
