"""One edge for the whole session, with an authority of its own, and a preview behind it."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.edge.client import Client
from tests.integration.conftest import (  # noqa: F401
    MakePreview,
    MakeRepository,
    engine,
    galley,
    make_preview,
    make_repository,
    session,
)
from tests.integration.harness.command import Completed, Galley
from tests.integration.harness.engine import Engine
from tests.integration.harness.preview import Preview
from tests.integration.harness.repository import Repository

APP = Path(__file__).parent / "app"
DOMAIN = "edge.test"
_PORTS = range(30100, 32700)
"""Above those of previews' routers, below those that Linux gives to outgoing connections."""


@dataclass(frozen=True)
class Edge:
    """An edge that this session has made."""

    galley: Galley
    engine: Engine
    name: str
    http: int
    https: int
    root: str = ""

    def run(self, action: str, *words: str) -> Completed:
        """Runs an action of ``galley edge``, whatever its exit code."""
        return self.galley("edge", action, "--name", self.name, *words, at=self.galley.home)

    def up(self, *words: str) -> Completed:
        """An ``up`` that has to succeed, on this edge's ports."""
        ports = ("--http-port", str(self.http), "--https-port", str(self.https))
        done = self.run("up", *ports, *words)
        assert done.code == 0, done.text
        return done

    @property
    def client(self) -> Client:
        """On this machine, trusting this edge's authority alone."""
        return Client(self.https, self.root)

    def objects(self) -> list[str]:
        """What the engine has of it."""
        api, mine = self.engine.client.api, {"label": f"galley.edge={self.name}"}
        found = [entry["Id"] for entry in api.containers(all=True, filters=mine)]
        found += [entry["Name"] for entry in api.networks(filters=mine)]
        return found + [entry["Name"] for entry in api.volumes(filters=mine).get("Volumes") or ()]

    def container(self) -> dict[str, object]:
        """Whatever shows that it is the same container, and was never started again."""
        info = self.engine.client.api.inspect_container(f"galley-edge.{self.name}.edge")
        return {"id": info["Id"], "started": info["State"]["StartedAt"], "restarts": info["RestartCount"]}

    def take(self, repository: Repository) -> None:
        """Puts the previews of a project behind it."""
        settings = {"domain": DOMAIN, "edge": self.name, "edgePort": str(self.https)}
        for name, value in settings.items():
            done = self.galley("config", "set", name, value, at=repository.path)
            assert done.code == 0, done.text


def free_port() -> int:
    """A port that nobody has, nor gets for an outgoing connection while the edge is being replaced."""
    while True:
        number = random.choice(_PORTS)
        with contextlib.suppress(OSError), socket.create_server(("", number)):
            return number


@pytest.fixture(scope="session")
def edge(galley: Galley, engine: Engine, session: str) -> Iterator[Edge]:  # noqa: F811
    made = Edge(galley, engine, f"e{session}", free_port(), free_port())
    try:
        root = made.up("--domain", DOMAIN, "--json").json["root_certificate"]
        yield Edge(galley, engine, made.name, made.http, made.https, root)
    finally:
        done = made.run("down")
    assert done.code == 0, done.text
    assert made.objects() == []


@pytest.fixture(scope="session")
def shop(edge: Edge, make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:  # noqa: F811
    """A web that is public; a test that changes its access puts it back."""
    repository = make_repository(APP, "shop")
    edge.take(repository)
    with make_preview(repository) as preview:
        preview.up()
        yield preview


def host(preview: Preview, service: str = "") -> str:
    """The preview's bare host, or a service's."""
    return f"{service}--{preview.name}.{DOMAIN}" if service else f"{preview.name}.{DOMAIN}"
