"""The session: an engine, a home and tools that tests may use; at the end the proof that nothing is left."""

from __future__ import annotations

import itertools
import os
import secrets
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import engine as toolchain_engine
from galley_iac.toolchain import locate
from tests.integration.harness import repository
from tests.integration.harness.command import Galley
from tests.integration.harness.engine import Engine
from tests.integration.harness.preview import Preview
from tests.integration.harness.repository import APPS, EXAMPLES, Repository

MakeRepository = Callable[..., Repository]
MakePreview = Callable[..., Preview]


@pytest.fixture(scope="session")
def session() -> str:
    """The suffix of every project of this session, so that sessions on one engine do not meet."""
    return secrets.token_hex(3)


@pytest.fixture(scope="session")
def engine(session: str) -> Iterator[Engine]:
    """The engine for tests: where none answers they fail with the remedy; what is left fails too."""
    try:
        found = toolchain_engine.for_tests()
    except MachineError as error:
        pytest.fail(str(error), pytrace=False)
    client = docker.DockerClient(base_url=found.host, timeout=120)
    used = Engine(found.host, client, session)
    yield used
    left = used.of_session()
    used.sweep()
    client.close()
    assert left == []


@pytest.fixture(scope="session")
def galley(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Galley]:
    """The command; whatever process it has left running at the end is ended, and fails the session."""
    tools = locate.locate()
    if tools is None:
        pytest.fail("Pulumi is not there: run `make test`, which installs it", pytrace=False)
    used = Galley(tmp_path_factory.mktemp("home"), engine.host, tools)
    assert used.program.is_file(), f"{used.program} is missing: run `make venv`"
    yield used
    left = used.processes()
    for process in left:
        os.kill(process, signal.SIGKILL)
    assert left == {}


@pytest.fixture(scope="session")
def make_repository(session: str, tmp_path_factory: pytest.TempPathFactory) -> MakeRepository:
    """Makes repositories, each a project of its own: ``make_repository(source, name)``."""
    numbers = itertools.count(1)

    def make(source: Path = APPS / "small", name: str = "") -> Repository:
        project = f"{name or source.name}{next(numbers)}-{session}"
        return repository.create(tmp_path_factory.mktemp("repository") / project, source)

    return make


@pytest.fixture(scope="session")
def make_preview(galley: Galley, engine: Engine) -> MakePreview:
    """Makes previews, to be used as context managers: ``with make_preview(repository) as preview``."""

    def make(of: Repository, branch: str = "main") -> Preview:
        return Preview(galley, engine, of, branch)

    return make


@pytest.fixture
def small(make_repository: MakeRepository) -> Repository:
    """A repository with an image that builds in a second and answers over HTTP."""
    return make_repository()


@pytest.fixture(scope="session")
def seed(make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:
    """examples/python as the preview of ``main``; a test that changes it leaves it running."""
    with make_preview(make_repository(EXAMPLES / "python", "seed")) as preview:
        preview.up()
        yield preview


@pytest.fixture(scope="session")
def other(seed: Preview, make_preview: MakePreview) -> Iterator[Preview]:
    """The same source as the preview of another branch, beside the first."""
    with make_preview(seed.repository, "other") as preview:
        preview.up()
        yield preview
