"""Where a cluster keeps its files, and the addresses and ports that it has."""

from __future__ import annotations

import json
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

from galley_iac.engine.host import routed_subnets
from galley_iac.toolchain import bridge, paths

CONTEXT = "galley-cluster"
"""The name of the cluster, its user and its context in the kubeconfig."""

REGISTRY_PORT, INGRESS_PORT = 30500, 30080
"""Where they are free; above the ports that previews take, and below those of outgoing connections."""

API_PORT = 6443
POD_RANGE, SERVICE_RANGE = "10.244.0.0/16", "10.96.0.0/16"
"""Known to nobody outside of the cluster's own network namespace, so they may be in use elsewhere."""
API_SERVICE, DNS_SERVICE = "10.96.0.1", "10.96.0.10"


@dataclass(frozen=True)
class Folders:
    """``programs`` holds what was built, ``data`` all that a running cluster writes."""

    programs: Path
    data: Path
    short_name: str

    @property
    def kubeconfig(self) -> Path:
        """For clients; its user may do everything."""
        return self.data / "kubeconfig"

    @property
    def lock(self) -> Path:
        """Held while a cluster is started or ended; it stays."""
        return self.data.with_name("cluster.lock")

    @property
    def pid_file(self) -> Path:
        """Holds the process whose child is the cluster's first one."""
        return self.data / "cluster.pid"

    @property
    def link(self) -> str:
        """The machine's end of the link to the node."""
        return f"glyk8s{self.short_name}"

    @property
    def connected(self) -> Path:
        """There as soon as the node has its link: before, its address would lead out of the machine."""
        return self.data / "connected"

    @property
    def log(self) -> Path:
        """What happened to the components; each has a log of its own beside it."""
        return self.data / "logs" / "cluster.log"

    @property
    def cgroup(self) -> str:
        """The group, in every hierarchy, under which all pods run."""
        return f"galley-cluster-{self.short_name}"


@dataclass(frozen=True)
class Place:
    """The addresses of a running cluster: the machine's and the node's end of the link between them."""

    machine: str
    node: str
    registry_port: int
    ingress_port: int

    @property
    def registry(self) -> str:
        """Where images are pushed to and pulled from: the same for the engine and for the cluster."""
        return f"127.0.0.1:{self.registry_port}"

    @property
    def ingress(self) -> str:
        """Where the ingress controller answers HTTP, on this machine."""
        return f"127.0.0.1:{self.ingress_port}"

    @property
    def api(self) -> str:
        """The API server's address."""
        return f"https://{self.node}:{API_PORT}"


def folders(layout: paths.Layout) -> Folders:
    """The folders of the cluster that belongs to a tools folder."""
    return Folders(layout.root / "cluster-programs", layout.root / "cluster", layout.short_name)


def choose() -> Place:
    """Addresses and ports that are free now. Raises MachineError when there are none."""
    hosts = bridge.free_subnet(routed_subnets()).hosts()
    return Place(
        machine=str(next(hosts)),
        node=str(next(hosts)),
        registry_port=_free(REGISTRY_PORT),
        ingress_port=_free(INGRESS_PORT),
    )


def read(found: Folders) -> Place | None:
    """The addresses of the cluster that was started last; None where there are none."""
    try:
        return Place(**json.loads((found.data / "place.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write(found: Folders, place: Place) -> None:
    """Leaves the addresses for later commands."""
    (found.data / "place.json").write_text(json.dumps(asdict(place), indent=1) + "\n")


def _free(wanted: int) -> int:
    """The port if nothing listens there, else one that the kernel chooses."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise AssertionError("the kernel always has a free port")
