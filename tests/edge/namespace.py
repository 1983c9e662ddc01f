"""A network namespace with an address of its own: a client that is not this machine."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.edge.client import Client

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Elsewhere:
    """The namespace, its own address, and this machine's as seen from there."""

    name: str
    own: str
    here: str

    def status(self, client: Client, host: str, path: str = "/") -> int:
        """The status of one request from there."""
        words = [self.here, str(client.port), host, path, str(client.root)]
        done = subprocess.run(
            ["ip", "netns", "exec", self.name, sys.executable, "-m", "tests.edge.client", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return int(done.stdout)


@contextlib.contextmanager
def elsewhere(name: str, number: int) -> Iterator[Elsewhere]:
    """Connected by a link of its own as long as the context lasts; ``number`` (0-63) tells it from others."""
    found = Elsewhere(name, f"198.51.100.{4 * number + 2}", f"198.51.100.{4 * number + 1}")
    here, there = f"{name[:12]}-a", f"{name[:12]}-b"
    _ip("netns", "add", name)
    try:
        _ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", name)
        _ip("address", "add", f"{found.here}/30", "dev", here)
        _ip("link", "set", here, "up")
        _ip("-n", name, "address", "add", f"{found.own}/30", "dev", there)
        _ip("-n", name, "link", "set", there, "up")
        yield found
    finally:
        _ip("netns", "delete", name)


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, (words, done.stderr)
