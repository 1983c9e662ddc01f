"""A registry that wants a password, under one name for the engine that pushes and the node that pulls."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from galley_iac.toolchain import paths
from galley_iac.toolchain.cluster import place
from tests.integration.harness import registry
from tests.integration.harness.registry import Registry

EVERYWHERE = "0.0.0.0"


@contextlib.contextmanager
def on_node(folder: Path) -> Iterator[Registry]:
    """The registry runs on the network of our own cluster's node; what leads there from here ends with it."""
    chosen = place.read(place.folders(paths.layout()))
    assert chosen, "only on the node of a cluster of ours can a test start a registry"
    port = registry.free_port()
    pair = f"{port}={chosen.node}:{port}"
    forwarder = subprocess.Popen([sys.executable, "-m", "galley_iac.toolchain.cluster.forward", pair])
    try:
        inside = ["nsenter", f"--net=/proc/{_on_node()}/ns/net"]
        with registry.started(folder, port=port, address=EVERYWHERE, inside=inside) as made:
            yield made
    finally:
        forwarder.terminate()
        forwarder.wait(20)


def _on_node() -> int:
    """A process that is on the node's network: the API server of our own cluster."""
    ours = str(place.folders(paths.layout()).data).encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes()
            if words.partition(b"\0")[0].endswith(b"/kube-apiserver") and ours in words:
                return int(process.name)
    raise AssertionError("no cluster of ours runs")
