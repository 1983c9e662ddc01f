"""The first process of a cluster: it makes the node, starts every component, and ends all when one ends.

``unshare`` has given it a mount and a process namespace. The components share a network namespace below
that one, so that links, firewall rules and port numbers are the node's own, and go with it. When this process
ends, the kernel ends all the others, pods included, and their mounts go as well: nothing has to be undone.

``python -m galley_iac.toolchain.cluster.node DATA-FOLDER`` with GALLEY_TOOLS set to the folder above.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from galley_iac.toolchain import paths, processes
from galley_iac.toolchain.cluster import components, place
from galley_iac.toolchain.cluster.api import Api
from galley_iac.toolchain.cluster.components import Component
from galley_iac.toolchain.cluster.place import POD_RANGE, SERVICE_RANGE, Folders, Place

PRIVATE = ("/run", "/tmp", "/var/lib", "/var/log")
"""Folders that components write to by fixed names: on the node they lie in the data folder."""

_SYSCTLS = {
    "vm/overcommit_memory": "1",
    "vm/panic_on_oom": "0",
    "kernel/panic": "10",
    "kernel/panic_on_oops": "1",
    "kernel/keys/root_maxkeys": "1000000",
    "kernel/keys/root_maxbytes": "25000000",
}
"""kubelet would set these for the whole machine: it finds them set, and the machine keeps its own."""

_API_SECONDS = 120
_NETWORK_SECONDS = 10


def main() -> None:
    """Runs until a component ends."""
    found = place.folders(paths.layout())
    chosen = place.read(found)
    if chosen is None:
        sys.exit("no addresses have been chosen: `galley setup --cluster` starts a cluster")
    tools, checkout = [found.data.parent, found.programs.resolve()], paths.PACKAGE.parents[1]
    _mounts(found.data, [*tools, checkout, Path(sys.prefix), Path(sys.base_prefix)])
    holder = subprocess.Popen(["unshare", "--net", str(found.programs / "bin" / "pause")])
    _network(found.link, chosen, holder.pid)
    found.connected.touch()
    running = {holder.pid: "pause"}
    running |= _start(components.first(found, chosen), found, holder.pid)
    _import_image(found)
    _await_api(found, running)
    running |= _start(components.later(found, chosen), found, holder.pid)
    while True:
        _reap(running, 0)


def _run(*command: str | Path) -> None:
    subprocess.run([str(word) for word in command], check=True)


def _mounts(data: Path, kept: Sequence[Path]) -> None:
    """Mounts of the machine still arrive here, none of ours arrives there; pods share them."""
    _run("mount", "--make-rslave", "/")
    _run("mount", "--make-rshared", "/")
    for path in PRIVATE:
        own = data / "node" / path.strip("/")
        own.mkdir(parents=True)
        _cover(Path(path), own, kept)
    Path("/tmp").chmod(0o1777)
    Path("/run/netns").mkdir()
    for name, value in _SYSCTLS.items():
        own = data / "node" / "sysctl" / name
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(value + "\n")
        _run("mount", "--bind", own, Path("/proc/sys") / name)


def _cover(path: Path, own: Path, kept: Sequence[Path]) -> None:
    """Puts ``own`` in place of the folder; what is kept of it is held open, and gets its name again."""
    held = [(folder, os.open(folder, os.O_PATH)) for folder in kept if folder.is_relative_to(path)]
    _run("mount", "--bind", own, path)
    for folder, handle in held:
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "--no-canonicalize", "--bind", f"/proc/self/fd/{handle}", str(folder)]
        subprocess.run(command, pass_fds=[handle], check=True)
        os.close(handle)


def _network(link: str, chosen: Place, holder: int) -> None:
    """A link between the machine and the node, and no way further: pods reach the machine's end at most."""
    ours = Path("/proc/self/ns/net").readlink()
    processes.wait(lambda: Path(f"/proc/{holder}/ns/net").readlink() != ours, _NETWORK_SECONDS)
    _run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", str(holder))
    _run("ip", "address", "add", f"{chosen.machine}/24", "dev", link)
    _run("ip", "link", "set", link, "up")
    inside = _inside(holder)
    _run(*inside, "ip", "link", "set", "lo", "up")
    _run(*inside, "ip", "address", "add", f"{chosen.node}/24", "dev", "eth0")
    _run(*inside, "ip", "link", "set", "eth0", "up")
    _run(*inside, "ip", "route", "add", SERVICE_RANGE, "dev", "eth0")
    _run(*inside, "sysctl", "--quiet", "--write", "net.ipv4.ip_forward=1")
    iptables = (*inside, "iptables", "--wait")
    _run(*iptables, "-t", "nat", "-A", "POSTROUTING", "-s", POD_RANGE, "-o", "eth0", "-j", "MASQUERADE")
    _run(*iptables, "-t", "mangle", "-N", "GALLEY-POLICY")
    _run(*iptables, "-t", "mangle", "-A", "FORWARD", "-j", "GALLEY-POLICY")


def _inside(holder: int) -> list[str]:
    return ["nsenter", f"--net=/proc/{holder}/ns/net"]


def _start(wanted: Sequence[Component], found: Folders, holder: int) -> dict[int, str]:
    environment = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
    started = {}
    for component in wanted:
        words = list(component.command) if component.outside else [*_inside(holder), *component.command]
        with (found.log.parent / f"{component.name}.log").open("wb") as log:
            process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment
            )
        started[process.pid] = component.name
    return started


def _import_image(found: Folders) -> None:
    """As soon as containerd answers."""
    ctr = ["ctr", "--address=/run/containerd.sock", "--namespace=k8s.io"]
    command = [*ctr, "images", "import", str(found.programs / "image.tar")]
    done = processes.wait(lambda: subprocess.run(command, capture_output=True).returncode == 0, _API_SECONDS)
    if not done:
        sys.exit("containerd does not take the image of the cluster's own pods")


def _await_api(found: Folders, running: dict[int, str]) -> None:
    def answers() -> bool:
        _reap(running, os.WNOHANG)
        return Api(found.kubeconfig).answers()

    if not processes.wait(answers, _API_SECONDS):
        sys.exit("the API server does not answer")


def _reap(running: dict[int, str], options: int) -> None:
    """Waits for a child, an orphan of a pod or a component; when it was a component, that is the end."""
    pid, status = os.waitpid(-1, options)
    if pid in running:
        code = os.waitstatus_to_exitcode(status)
        sys.exit(f"{running[pid]} has ended (exit code {code}), and so does the cluster")


if __name__ == "__main__":
    main()
