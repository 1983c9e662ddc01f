"""What a cluster leaves on the machine, looked for without the code that starts it."""

from __future__ import annotations

import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

FIXED = ("/var/log/pods", "/var/log/containers", "/var/lib/kubelet", "/var/lib/cni", "/tmp/hostpath_pv")
"""Where Kubernetes writes by names that nobody can choose."""

SYSCTLS = ("vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops")

RULES = ("KUBE-", "CNI-", "GALLEY-", "10.244.", "10.96.")
"""In the firewall rules of a cluster; other programs' rules come and go meanwhile."""


@dataclass(frozen=True)
class Traces:
    """Each is empty when nothing of the cluster is there."""

    processes: list[str]
    mounts: list[str]
    links: list[str]
    groups: list[str]
    folders: list[str]
    ports: list[int]


def of(data: Path, name: str, ports: list[int], process_space: str) -> Traces:
    """``name`` is in the names of links and groups, ``process_space`` is the namespace of its processes."""
    return Traces(
        processes=_processes(process_space, name),
        mounts=_mounts(data),
        links=[link for link in _run("ip", "-brief", "link").splitlines() if name in link],
        groups=[str(path) for path in Path("/sys/fs/cgroup").glob(f"*/*{name}*")],
        folders=[str(path) for path in [data] if path.exists()],
        ports=[port for port in ports if _is_open(port)],
    )


def process_space(pid: int) -> str:
    """The namespace that the process's children are in."""
    return str(Path(f"/proc/{pid}/ns/pid_for_children").readlink())


def machine() -> dict[str, object]:
    """Where a cluster would show if it were not apart: rules, namespaces, kernel settings, fixed folders."""
    rules = _run("iptables-save").splitlines()
    return {
        "rules": [rule for rule in rules if any(mark in rule for mark in RULES)],
        "namespaces": sorted(path.name for path in Path("/run/netns").glob("cni-*")),
        "settings": {name: (Path("/proc/sys") / name).read_text() for name in SYSCTLS},
        "folders": {path: Path(path).exists() for path in FIXED},
    }


def _processes(space: str, group: str) -> list[str]:
    """The node's own, and those of pods, which are in namespaces below: their control group tells."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            own = str((process / "ns" / "pid").readlink()) == space
            if own or group in (process / "cgroup").read_text():
                found.append((process / "comm").read_text().strip())
        except OSError:
            continue
    return sorted(found)


def _mounts(data: Path) -> list[str]:
    """In the mount table of any process on the machine, where a path begins at its file system's root, which
    may be below the folder's.
    """
    found, own = set(), f"/{data.parent.name}/{data.name}"
    for table in Path("/proc").glob("[0-9]*/mountinfo"):
        try:
            lines = table.read_text().splitlines()
        except OSError:
            continue
        found |= {line.split()[4] for line in lines if f"{own}/" in line or f"{own} " in line}
    return sorted(found)


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
