"""Somebody who is no part of the preview, on the same engine or cluster, and who serves and asks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.cluster.harness import Space
from tests.integration.harness.engine import TEST, Engine
from tests.integration.harness.web import eventually

PORT = 8000
CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)"
SERVE = f"import http.server as h; h.test(h.SimpleHTTPRequestHandler, port={PORT}, bind='0.0.0.0')"


@dataclass(frozen=True)
class Outsider:
    """``address`` is where it answers, on :data:`PORT`; ``run`` runs a command there."""

    address: str
    run: Callable[..., str]
    """Returns what the command has printed: nothing, where a connection is made."""

    def reaches(self, host: str, port: int) -> bool:
        """Whether it can connect."""
        return self.run("python3", "-c", CONNECT, host, str(port)) == ""


@contextlib.contextmanager
def on_docker(engine: Engine) -> Iterator[Outsider]:
    """A container on a network of its own, as another preview's."""
    labels = {TEST: engine.session}
    network = engine.client.networks.create(f"outside-{engine.session}", labels=labels)
    try:
        with engine.guest(network.id) as made:
            made.exec_run(["python3", "-c", SERVE], detach=True)
            made.reload()
            (attached,) = made.attrs["NetworkSettings"]["Networks"].values()

            def run(*command: str) -> str:
                return str(made.exec_run(list(command)).output.decode())

            yield _answering(Outsider(attached["IPAddress"], run))
    finally:
        network.remove()


@contextlib.contextmanager
def on_cluster(make_space: Callable[[], AbstractContextManager[Space]]) -> Iterator[Outsider]:
    """A pod in a namespace of its own, which no policy closes."""
    with make_space() as inside:
        inside.server("outsider", PORT)
        inside.wait_for("outsider")
        yield _answering(
            Outsider(inside.address("outsider"), lambda *command: inside.run("outsider", *command))
        )


def _answering(made: Outsider) -> Outsider:
    """Else nobody would reach it whatever the rules are."""
    eventually(lambda: made.reaches(made.address, PORT), "it answers itself", 60)
    return made
