"""A real object store that speaks S3's protocol, on loopback; it has ended when its context is left."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from galley_iac.toolchain import paths, pins, servers
from tests.integration.harness.web import LOOPBACK, eventually

_KEY, _SECRET = "runner", "a-secret-of-the-tests"
_OWN = ("AWS_", "VGW_", "ROOT_")


@dataclass(frozen=True)
class Store:
    """``folder`` holds a folder for each bucket, with the objects as files."""

    folder: Path
    port: int

    def create(self, bucket: str) -> str:
        """Makes an empty bucket; returns its URL as Pulumi takes it."""
        (self.folder / "data" / bucket).mkdir()
        options = f"endpoint=http://{LOOPBACK}:{self.port}&s3ForcePathStyle=true&region=us-east-1"
        return f"s3://{bucket}?{options}"

    @property
    def login(self) -> dict[str, str]:
        """What a client needs in its environment."""
        return {"AWS_ACCESS_KEY_ID": _KEY, "AWS_SECRET_ACCESS_KEY": _SECRET, "AWS_REGION": "us-east-1"}


@contextlib.contextmanager
def started(folder: Path) -> Iterator[Store]:
    """Starts the gateway on a folder. It is built by the set-up for the tests."""
    program = servers.program(pins.VERSITYGW, paths.layout())
    assert program.is_file(), f"{program} is not there: run `make test`, which builds it"
    store = Store(folder, _free_port())
    for name in ("data", "metadata"):
        (folder / name).mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OWN)}
    own = {"ROOT_ACCESS_KEY": _KEY, "ROOT_SECRET_KEY": _SECRET}
    listen = ["--port", f"{LOOPBACK}:{store.port}"]
    keep = ["posix", "--sidecar", str(folder / "metadata"), str(folder / "data")]
    with (folder / "log").open("wb") as log:
        command = [str(program), *listen, *keep]
        child = subprocess.Popen(command, env={**environment, **own}, stdout=log, stderr=log)
    try:
        eventually(lambda: _answers(store.port), "the object store answers")
        yield store
    finally:
        child.terminate()
        child.wait(20)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), 5):
            return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
