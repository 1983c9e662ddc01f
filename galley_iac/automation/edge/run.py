"""Brings an edge up, takes it down, and says how it is."""

from __future__ import annotations

import contextlib
import io
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import docker

from galley_iac import home
from galley_iac.automation import hold
from galley_iac.automation.configuration import write_if_other
from galley_iac.automation.edge.stack import EdgeStack, config_file
from galley_iac.automation.edge.wanted import Wanted
from galley_iac.automation.interrupt import Interruptible
from galley_iac.edge import names
from galley_iac.edge.config import ROOT_CERTIFICATE
from galley_iac.edge.model import Issuer
from galley_iac.engine import edges, labels
from galley_iac.engine.facts import used_subnets
from galley_iac.engine.free import free_subnet
from galley_iac.errors import PreviewError
from galley_iac.targets.docker.edge import declare

_SERVING = "serving initial configuration"
"""What Caddy logs when all of its listeners are open."""

_STARTS_WITHIN = 60.0
_PAUSE = 0.2
_LOG_LINES = 10


def up(client: docker.DockerClient, wanted: Wanted, engine: str) -> Path | None:
    """Brings the edge to what is wanted. Returns the file with the internal authority's certificate, where
    there is one. Raises PreviewError.
    """
    name = wanted.edge.name
    stack = EdgeStack(name, engine)
    with hold.exclusive(client, names.network(name)), Interruptible(stack.command, client, ""):
        stack.prepare()
        _remove_unknown(client, stack)
        subnet = _subnet(client, name)
        stack.update(lambda: _program(wanted, subnet, engine))
        _await_serving(client, name)
        if wanted.edge.certificates.issuer is not Issuer.INTERNAL:
            return None
        return _hand_out_root(client, name)


def down(client: docker.DockerClient, name: str) -> bool:
    """Removes the edge with its certificates; False where there was none. PreviewError while a preview is
    behind it.
    """
    stack = EdgeStack(name)
    with hold.exclusive(client, names.network(name)), Interruptible(stack.command, client, ""):
        behind = edges.previews(client, name)
        if behind:
            raise PreviewError(
                f"{len(behind)} previews are behind the edge {name}: {', '.join(behind)}",
                "take them down first, or `galley config rm edge` and `galley up` each",
            )
        if not stack.exists():
            return False
        stack.prepare()
        stack.destroy()
        _remove_unknown(client, stack, volumes=True)
        config_file(name).path.unlink(missing_ok=True)
        root_file(name).unlink(missing_ok=True)
        return True


def root_file(name: str) -> Path:
    """Where the certificate of an edge's internal authority is put."""
    return home.edge() / f"{name}-root.crt"


def _program(wanted: Wanted, subnet: str, engine: str) -> None:
    declare(wanted.edge, wanted.files, subnet, engine)


def _subnet(client: docker.DockerClient, name: str) -> str:
    """The one that the edge's network has, else a free one."""
    with contextlib.suppress(docker.errors.NotFound):
        found = client.api.inspect_network(names.network(name))
        return str(found["IPAM"]["Config"][0]["Subnet"])
    return free_subnet(name, used_subnets(client), names.POOL, names.PREFIX)


def _remove_unknown(client: docker.DockerClient, stack: EdgeStack, *, volumes: bool = False) -> None:
    """What an interruption left on the engine and no state knows would stand in the way of its own name."""
    known, selector = stack.state().ids, {"label": f"{labels.EDGE}={stack.name}"}
    for entry in client.api.containers(all=True, filters=selector):
        if entry["Id"] not in known:
            client.api.remove_container(entry["Id"], force=True)
    for entry in client.api.networks(filters=selector):
        if entry["Id"] not in known and not edges.previews(client, stack.name):
            client.api.remove_network(entry["Id"])
    if volumes:
        for entry in client.api.volumes(filters=selector).get("Volumes") or []:
            client.api.remove_volume(entry["Name"])


def _await_serving(client: docker.DockerClient, name: str) -> None:
    container = edges.container(client, name)

    def serves() -> bool:
        state = client.api.inspect_container(container)["State"]
        since = client.api.logs(container).decode("utf-8", "replace")
        if state["Status"] != "running" or state["Restarting"]:
            last = "\n".join(f"    {line}" for line in since.splitlines()[-_LOG_LINES:])
            raise PreviewError(
                f"edge {name} does not run:\n{last}", "mend what it says, then `galley edge up`"
            )
        return _SERVING in since

    _wait(serves, f"edge {name} did not begin to serve")


def _hand_out_root(client: docker.DockerClient, name: str) -> Path:
    """Copies the authority's certificate out of the container, to be trusted by who wants to."""
    container = edges.container(client, name)

    def copied() -> bool:
        try:
            chunks, _ = client.api.get_archive(container, ROOT_CERTIFICATE)
        except docker.errors.NotFound:
            return False
        with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as archive:
            member = archive.extractfile(archive.next() or "")
            write_if_other(root_file(name), member.read().decode() if member else "")
        return True

    _wait(copied, f"edge {name} made no authority of its own")
    return root_file(name)


def _wait(done: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + _STARTS_WITHIN
    while not done():
        if time.monotonic() > end:
            raise PreviewError(f"{otherwise} within {_STARTS_WITHIN:g} s", "look at its log: `docker logs`")
        time.sleep(_PAUSE)
