"""Base images: pulled where a registry answers, else stand-ins, which only an engine of our own gets."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

import docker
from docker.errors import DockerException

from galley_iac.errors import MachineError
from galley_iac.toolchain import standins
from galley_iac.toolchain.engine import Engine
from galley_iac.toolchain.pulumi import Means
from galley_iac.toolchain.recipes import Recipe
from galley_iac.toolchain.runner import ToolError

_ANSWER_SECONDS = 5
"""For one question to a registry, through the engine: it says within that time whether it can be reached."""
_BUILD_SECONDS = 900

Connect = Callable[[Engine, int], AbstractContextManager[docker.DockerClient]]
"""Opens a client of the engine with a time limit in seconds for each answer."""


@contextlib.contextmanager
def connect_to(engine: Engine, seconds: int) -> Iterator[docker.DockerClient]:
    """A client of the engine, closed at the end."""
    over_ssh = engine.host.startswith("ssh://")
    client = docker.DockerClient(base_url=engine.host, timeout=seconds, use_ssh_client=over_ssh)
    try:
        yield client
    finally:
        client.close()


def ensure(engine: Engine, wanted: Sequence[Recipe], means: Means, connect: Connect = connect_to) -> None:
    """Sees to it that the engine has every image that the recipes stand in for. Raises MachineError."""
    with connect(engine, _BUILD_SECONDS) as client:
        pending = [recipe for recipe in wanted if not standins.has_real(client, recipe.stands_in_for[0])]
        if not pending:
            means.console.note(f"all {len(wanted)} are there")
        elif _registry_answers(engine, pending[0].stands_in_for[0], connect):
            _pull(client, pending, means)
        elif engine.ours:
            standins.ensure(client, pending, means)
        else:
            names = ", ".join(recipe.stands_in_for[0] for recipe in pending)
            means.console.note(f"no registry answers, and the engine lacks {names}: what uses them will fail")


def stand_ins(engine: Engine, connect: Connect = connect_to) -> list[str]:
    """The names in this engine that are stand-ins, sorted: every report says so."""
    with connect(engine, _ANSWER_SECONDS) as client:
        return standins.names(client)


def _registry_answers(engine: Engine, image: str, connect: Connect) -> bool:
    """Has the engine look the image up in its registry: it knows of mirrors and proxies, we do not."""
    try:
        with connect(engine, _ANSWER_SECONDS) as client:
            client.images.get_registry_data(image)
    except (DockerException, OSError):
        return False
    return True


def _pull(client: docker.DockerClient, pending: Sequence[Recipe], means: Means) -> None:
    for recipe in pending:
        name = recipe.stands_in_for[0]
        try:
            _pull_one(client, name, means)
        except (ToolError, DockerException) as error:
            raise MachineError(f"{name} could not be pulled: {error}", "run `galley setup` again") from None
        means.console.note(f"{name}: pulled")


def _pull_one(client: docker.DockerClient, name: str, means: Means) -> None:
    repository, _, tag = name.partition(":")
    for event in client.api.pull(repository, tag, stream=True, decode=True):
        means.console.tick(f"{name}: {event.get('status', '')} {event.get('progress', '')}")
        if "error" in event:
            raise ToolError(event["error"])
