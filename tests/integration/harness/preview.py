"""One preview, from the first ``up`` to the proof that nothing of it is left."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.integration.harness.command import Completed, Galley, Running
from tests.integration.harness.engine import Engine
from tests.integration.harness.repository import Repository
from tests.integration.harness.web import Answer, ask_url


class Preview:
    """Entered: nothing exists yet. Left: ``down`` has run, and nothing labelled is left."""

    def __init__(self, galley: Galley, engine: Engine, repository: Repository, branch: str = "main") -> None:
        self.galley, self.engine, self.repository, self.branch = galley, engine, repository, branch
        self.name = f"{branch}-{repository.project}"

    def __enter__(self) -> Preview:
        assert self.left() == []
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        done = self.run("down")
        assert done.code == 0, done.text
        assert self.left() == []

    def run(self, verb: str, *words: str) -> Completed:
        """Runs a verb for this preview, whatever its exit code."""
        return self.galley(verb, "--branch", self.branch, *words, at=self.repository.path)

    def background(self, verb: str, *words: str) -> AbstractContextManager[Running]:
        """Runs a verb for this preview while the test does something else."""
        return self.galley.background(verb, "--branch", self.branch, *words, at=self.repository.path)

    def up(self, *words: str) -> Completed:
        """An update that has to succeed."""
        done = self.run("up", *words)
        assert done.code == 0, done.text
        return done

    def fails(self, *words: str) -> Completed:
        """An update that has to end with the preview's own failure."""
        done = self.run("up", *words)
        assert done.code == 1, done.text
        return done

    def status(self) -> dict[str, Any]:
        """``galley status --json``."""
        found: dict[str, Any] = self.run("status", "--json").json
        return found

    def states(self) -> dict[str, str]:
        """Service → state, as the command says it."""
        return {name: service["state"] for name, service in self.status()["services"].items()}

    def url(self, service: str) -> str:
        """Where a service answers."""
        return str(self.status()["services"][service]["url"])

    def ask(self, service: str, path: str = "/", *, method: str = "GET", body: object = None) -> Answer:
        """A request by the service's host name."""
        return ask_url(self.url(service), path, method=method, body=body)

    def inspect(self, name: str) -> dict[str, Any]:
        """A container as the engine has it; ``name`` is a service or ``<service>.ready``."""
        return self.engine.containers(self.name)[name]

    def ids(self) -> dict[str, str]:
        """The id of every container."""
        return {name: info["Id"] for name, info in self.engine.containers(self.name).items()}

    def execute(self, service: str, *command: str) -> tuple[int, str]:
        """Runs a command in a service's container, by the engine's own API."""
        return self.engine.execute(self.ids()[service], command)

    def left(self) -> list[str]:
        """Every labelled object of the preview."""
        return self.engine.of(self.name)

    def build_log(self, service: str) -> str:
        """What the last build of a service's image wrote."""
        tag = str(self.status()["services"][service]["image"])
        return Path(self.galley.home / "builds" / f"{tag.replace(':', '-')}.log").read_text(encoding="utf-8")
