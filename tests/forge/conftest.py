"""The forge, its users and what listens to it, each for the whole session."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.forge import gitea, project
from tests.forge.api import Api
from tests.forge.gitea import Forge
from tests.forge.listener import Listener, listening
from tests.forge.project import Project
from tests.integration.conftest import engine, galley, session  # noqa: F401
from tests.integration.harness.engine import Engine
from tests.integration.harness.repository import APPS
from tests.shared import database


@pytest.fixture(scope="session")
def forge(engine: Engine) -> Iterator[Forge]:  # noqa: F811
    """Gitea on a Postgres of its own: it needs a database that needs no C compiler."""
    with database.started(engine) as server, gitea.started(server.create("forge")) as started:
        yield started


@pytest.fixture(scope="session")
def maintainer(forge: Forge) -> Api:
    """Owns the repositories."""
    return forge.user("mia")


@pytest.fixture(scope="session")
def outsider(forge: Forge) -> Api:
    """May read, fork and ask."""
    return forge.user("otto")


@pytest.fixture(scope="session")
def robot(forge: Forge) -> Api:
    """Whose token the runs have; repositories let it in one by one."""
    return forge.user("robot")


@pytest.fixture
def listener() -> Iterator[Listener]:
    """What a test's own hooks deliver to."""
    with listening() as made:
        yield made


MakeProject = Callable[..., Project]


@pytest.fixture(scope="session")
def make_project(
    maintainer: Api,
    session: str,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> MakeProject:
    """Makes repositories of the maintainer's: ``make_project(source, name)``, each with a name of its own."""
    numbers = itertools.count(1)

    def make(source: Path = APPS / "small", name: str = "") -> Project:
        chosen = name or f"{source.name}{next(numbers)}-{session}"
        return project.create(maintainer, chosen, tmp_path_factory.mktemp("checkout") / chosen, source)

    return make
