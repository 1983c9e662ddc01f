"""The previews that are disturbed and those that must not be, and what is asked of them afterwards."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import docker

from bench import files
from bench.application import Application, Service
from bench.catalog import DOCKERFILE, SERVER
from bench.contenders.base import Place
from bench.contenders.galley import Galley
from bench.leftovers import Leftovers
from bench.running import CommandError
from chaos import family
from chaos.disturbing import Command
from chaos.moments import Verb

VICTIM, NEIGHBOUR = "victim", "neighbour"
"""The two branches."""

_ACCOUNT = {"POSTGRES_USER": "app", "POSTGRES_PASSWORD": "pw", "POSTGRES_DB": "app"}
_SLOWLY = "sleep 1 && exec python3 -u server.py"
"""There has to be something to wait for."""


def application() -> Application:
    """An API that is built, and the database that it waits for."""
    services = (
        Service("api", "api", "api", "", _SLOWLY, 8000, "/", env={"PORT": "8000"}, depends_on=("db",)),
        Service("db", "database", image="postgres:16-alpine", port=5432, env=_ACCOUNT),
    )
    content = {"api/Dockerfile": DOCKERFILE, "api/server.py": SERVER, "api/dependencies.txt": "# none\n"}
    return Application("chaos", services, "api/server.py", "api/dependencies.txt", "db", content)


class Ground:
    """An engine, a home and a checkout for one run. The project is in the name of all that it makes."""

    def __init__(self, client: docker.DockerClient, galley: Galley, place: Place) -> None:
        self.client, self.galley, self.place = client, galley, place
        self._changes = 0
        self._neighbour: Mapping[str, Any] = {}

    def prepare(self) -> None:
        """Brings the neighbour up. Raises CommandError."""
        self.galley.up(self.place, NEIGHBOUR)
        self.write_row(NEIGHBOUR)
        self._neighbour = self._fingerprint(NEIGHBOUR)

    def command(self, verb: Verb) -> Command:
        """What is disturbed."""
        word = "down" if verb is Verb.DOWN else "up"
        return Command(verb, *self.galley.command(word, self.place, VICTIM))

    def change(self) -> None:
        """Another source for the API, another environment for the database: it is replaced."""
        self._changes += 1
        files.touch(self.place.folder / self.place.application.source, self._changes)
        files.describe(
            self.place.application.with_setting(str(self._changes)), self.place.folder, self.place.project
        )

    def write_row(self, branch: str) -> None:
        """Data that has to be there as long as the preview lives."""
        self._sql(branch, f"CREATE TABLE kept AS SELECT '{branch}' AS branch")

    def has_row(self, branch: str) -> bool:
        """Whether the preview runs and has its data."""
        try:
            return branch in self._sql(branch, "SELECT branch FROM kept")
        except docker.errors.APIError:
            return False

    def settled(self, branch: str) -> list[str]:
        """What is wrong with a preview after an ``up`` that has passed; its row has to be there."""
        wrong = [f"{name} is {state}" for name, state in self._states(branch).items() if state != "running"]
        if not wrong and not self.has_row(branch):
            wrong.append("the row in the database is gone")
        return [*wrong, *self._processes()]

    def gone(self) -> list[str]:
        """What is left of the victim after a ``down`` that has passed."""
        return [*self._labelled(), *self._processes(), *self._files()]

    def neighbour_disturbed(self) -> list[str]:
        """Everything about the neighbour that is other than it was."""
        now = self._fingerprint(NEIGHBOUR)
        changed = [name for name in {*now, *self._neighbour} if now.get(name) != self._neighbour.get(name)]
        return [f"the neighbour's {name} is another" for name in sorted(changed)]

    def _fingerprint(self, branch: str) -> dict[str, Any]:
        found = self._containers(branch)
        seen: dict[str, Any] = {
            entry["Name"].lstrip("/"): (entry["Id"], entry["State"]["StartedAt"]) for entry in found
        }
        return {**seen, "row": self._sql(branch, "SELECT branch FROM kept")}

    def _preview(self, branch: str) -> str:
        return f"{branch}-{self.place.project}"

    def _containers(self, branch: str) -> list[dict[str, Any]]:
        label = {"label": f"galley.preview={self._preview(branch)}"}
        found = self.client.api.containers(all=True, filters=label)
        return [self.client.api.inspect_container(entry["Id"]) for entry in found]

    def _states(self, branch: str) -> dict[str, str]:
        """The services' containers and the router; the checks end when their service is healthy."""
        names = {entry["Name"].lstrip("/"): entry["State"]["Status"] for entry in self._containers(branch)}
        wanted = [f"{self._preview(branch)}.{name}" for name in ("api", "db", "router")]
        return {name: names.get(name, "missing") for name in wanted}

    def _sql(self, branch: str, statement: str) -> str:
        database = self.client.containers.get(f"{self._preview(branch)}.db")
        words = ["psql", "-h", "127.0.0.1", "-U", "app", "-d", "app", "-Atc", statement]
        done = database.exec_run(words, environment={"PGPASSWORD": "pw"})
        return str(done.output.decode("utf-8", "replace"))

    def _labelled(self) -> list[str]:
        api, mine = self.client.api, {"label": f"galley.preview={self._preview(VICTIM)}"}
        return [
            *(f"container {entry['Names'][0]}" for entry in api.containers(all=True, filters=mine)),
            *(f"network {entry['Name']}" for entry in api.networks(filters=mine)),
            *(f"volume {entry['Name']}" for entry in api.volumes(filters=mine).get("Volumes") or ()),
        ]

    def _processes(self) -> list[str]:
        """A command that was killed leaves what it had started; the next one ends that."""
        mark = f"GALLEY_HOME={self.galley.home(self.place)}"
        return [f"process {pid}: {words}" for pid, words in family.bearing(mark).items()]

    def _files(self) -> list[str]:
        stacks = self.galley.home(self.place) / "state" / ".pulumi" / "stacks"
        return [f"file {path.name}" for path in stacks.rglob(f"{self._preview(VICTIM)}.json")]


@contextlib.contextmanager
def ground(
    client: docker.DockerClient, galley: Galley, docker_host: str, project: str, seed: int
) -> Iterator[Ground]:
    """A ground whose everything is removed in the end, even when nothing works any more."""
    base = Path(tempfile.mkdtemp(prefix="galley-chaos-"))
    place = Place(application(), project, base / "app", base / "home", docker_host)
    files.write(place.application, place.folder, project, seed)
    place.home.mkdir()
    try:
        yield Ground(client, galley, place)
    finally:
        for branch in (VICTIM, NEIGHBOUR):
            with contextlib.suppress(CommandError, OSError):
                galley.down(place, branch)
        family.send(list(family.bearing(f"GALLEY_HOME={galley.home(place)}")), "KILL")
        Leftovers(client).remove(project)
        shutil.rmtree(base, ignore_errors=True)
