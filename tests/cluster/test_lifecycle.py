"""A cluster starts, starts again, is killed, converges and ends without a trace: one of the tests' own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from galley_iac.toolchain import paths
from galley_iac.toolchain.cluster import lifecycle, place, programs
from galley_iac.toolchain.cluster.place import Folders, Place
from galley_iac.toolchain.pulumi import Means
from tests.cluster import harness, traces
from tests.cluster.harness import until
from tests.cluster.traces import Traces
from tests.source_tree import ROOT

START = """
from galley_iac.toolchain import paths
from galley_iac.toolchain.cluster import lifecycle
from tests.cluster.harness import means
lifecycle.start(means(paths.layout()))
"""
NOTHING = Traces([], [], [], [], [], [])


@pytest.fixture(scope="module")
def layout() -> Iterator[paths.Layout]:
    """Other tools with the same programs: building them again takes minutes.

    They are under /tmp, which the node has for itself: it has to keep them in sight.
    """
    real = paths.layout()
    programs.ensure(place.folders(real), harness.means(real))
    root = Path(tempfile.mkdtemp(dir="/tmp", prefix="galley-tools-"))
    (root / "cluster-programs").symlink_to(place.folders(real).programs)
    made = paths.Layout(root, root / "pulumi-home")
    yield made
    lifecycle.stop(made)
    shutil.rmtree(root)


@pytest.fixture
def means(layout: paths.Layout) -> Means:
    """What a start may use."""
    return harness.means(layout)


@pytest.fixture
def found(layout: paths.Layout) -> Folders:
    """The cluster's folders."""
    return place.folders(layout)


def look(found: Folders, chosen: Place, space: str) -> Traces:
    return traces.of(found.data, found.short_name, [chosen.registry_port, chosen.ingress_port], space)


def running(found: Folders) -> int:
    pid = lifecycle.first_process(found)
    assert pid is not None
    return pid


def test_it_ends_without_a_trace(means: Means, found: Folders) -> None:
    before = traces.machine()
    chosen = lifecycle.start(means)
    space = traces.process_space(running(found))

    while_it_runs = look(found, chosen, space)
    assert set(while_it_runs.processes) >= {"kube-apiserver", "kubelet", "containerd-shim", "traefik"}, (
        while_it_runs
    )
    assert "/run" in while_it_runs.mounts
    assert len(while_it_runs.links) == 1
    assert any("kubepods" in str(path) for group in while_it_runs.groups for path in Path(group).iterdir())
    assert while_it_runs.folders == [str(found.data)]
    assert while_it_runs.ports == [chosen.registry_port, chosen.ingress_port]
    rules = _in_node(found, "iptables-save")
    assert all(mark in rules for mark in ("GALLEY-POLICY", "KUBE-SERVICES", "10.244.", "10.96."))
    assert traces.machine() == before, "not even while it runs"

    assert lifecycle.stop(means.layout)
    assert look(found, chosen, space) == NOTHING
    assert traces.machine() == before
    assert not lifecycle.stop(means.layout), "there is nothing more to end"


def test_a_start_goes_on_from_a_killed_one_and_finds_a_finished_one(means: Means, found: Folders) -> None:
    environment = {**os.environ, "GALLEY_TOOLS": str(found.data.parent)}
    starter = subprocess.Popen([sys.executable, "-c", START], env=environment, cwd=ROOT)
    first = until(lambda: lifecycle.first_process(found))
    starter.kill()
    starter.wait()

    chosen = lifecycle.start(means)
    assert running(found) == first
    assert lifecycle.start(means) == chosen
    assert running(found) == first


def test_a_killed_cluster_is_replaced(means: Means, found: Folders) -> None:
    """``kill -9`` of the process above it, as the machine's shutdown or its memory would do."""
    chosen, killed = lifecycle.start(means), running(found)
    space = traces.process_space(killed)
    os.kill(killed, signal.SIGKILL)
    until(lambda: look(found, chosen, space).processes == [])
    assert lifecycle.first_process(found) is None

    lifecycle.start(means)
    assert running(found) != killed


def test_a_component_that_ends_takes_the_cluster_along(means: Means, found: Folders) -> None:
    chosen = lifecycle.start(means)
    space = traces.process_space(running(found))
    (etcd,) = _processes_named(space, "etcd")
    os.kill(etcd, signal.SIGKILL)
    until(lambda: look(found, chosen, space).processes == [])
    assert "etcd has ended (exit code -9)" in found.log.read_text()


def _in_node(found: Folders, program: str) -> str:
    above = running(found)
    (first,) = Path(f"/proc/{above}/task/{above}/children").read_text().split()
    (etcd, *_) = _processes_named(str(Path(f"/proc/{first}/ns/pid").readlink()), "etcd")
    command = ["nsenter", f"--net=/proc/{etcd}/ns/net", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _processes_named(space: str, name: str) -> list[int]:
    """The ids on the machine of a namespace's processes with this name."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "comm").read_text().strip() == name:
                found += [int(process.name)] if str((process / "ns" / "pid").readlink()) == space else []
        except OSError:
            continue
    return found
