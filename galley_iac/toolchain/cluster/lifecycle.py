"""Starting and ending the cluster. Nothing outlives its first process: each start makes an empty one."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
from pathlib import Path
from string import Template

import yaml

from galley_iac.errors import MachineError
from galley_iac.toolchain import artifact, bridge, paths, processes
from galley_iac.toolchain.cluster import certificates, config, node, place, programs
from galley_iac.toolchain.cluster.api import Api
from galley_iac.toolchain.cluster.place import Folders, Place
from galley_iac.toolchain.pulumi import Means
from galley_iac.toolchain.runner import Runner, SystemRunner, ToolError

_READY_SECONDS = 300
_END_SECONDS = 60
_SYSTEM = Path(__file__).parent / "manifests" / "system.yaml"
_DEPLOYMENTS = "/apis/apps/v1/namespaces/kube-system/deployments"
_CGROUPS = Path("/sys/fs/cgroup")


def start(means: Means) -> Place:
    """The running cluster, started unless it runs. Raises MachineError with what is missing or went wrong."""
    found = place.folders(means.layout)
    refuse()
    with artifact.lock(found.lock, means.console.note):
        programs.ensure(found, means)
        try:
            return _run(found, means.runner)
        except MachineError as error:
            if first_process(found) is not None:
                raise
            means.console.note(f"{error}\n    it is started once more: a busy machine is slow to let go")
            return _run(found, means.runner)


def _run(found: Folders, runner: Runner) -> Place:
    if first_process(found) is None:
        _launch(found, runner)
    chosen = place.read(found)
    assert chosen is not None, "a cluster is launched with its addresses"
    _wait_until_ready(found, chosen)
    return chosen


def stop(layout: paths.Layout) -> bool:
    """Ends the cluster and removes all that it made; what was built stays. False when none ran."""
    found = place.folders(layout)
    if not found.data.exists():
        return False
    with artifact.lock(found.lock, lambda _text: None):
        ran = _end(found)
        _remove_leftovers(found)
    return ran


def first_process(found: Folders) -> int | None:
    """The process above the cluster's first one; None when no cluster runs."""
    return processes.running(found.pid_file, str(found.data))


def refuse(user: int | None = None) -> None:
    """Raises MachineError where no cluster can run; ``user`` is the id of who asks, unless it is us."""
    if (os.geteuid() if user is None else user) != 0:
        raise MachineError(
            "starting a cluster takes root", "use one that is there, by its kubeconfig's context"
        )


def _launch(found: Folders, runner: Runner) -> None:
    """After what a killed cluster has left is gone."""
    _remove_leftovers(found)
    found.log.parent.mkdir(mode=0o700, parents=True)
    chosen = place.choose()
    try:
        certificates.make(found.data / "certificates", chosen, runner)
    except ToolError as error:
        raise MachineError(f"no certificates can be made: {error}", "run the command again") from None
    for name, text in config.files(found, chosen).items():
        (found.data / name).parent.mkdir(exist_ok=True)
        (found.data / name).write_text(text)
    place.write(found, chosen)
    _make_cgroups(found)
    _spawn(found)


def _spawn(found: Folders) -> None:
    """The shell leaves its number before it becomes the process: a start that is killed is found again."""
    unshare = "unshare --mount --pid --fork --kill-child --mount-proc --propagation private"
    script = f'echo $$ > "$1"; exec {unshare} "$2" -m galley_iac.toolchain.cluster.node "$3"'
    words = ["sh", "-c", script, "sh", str(found.pid_file), sys.executable, str(found.data)]
    root = str(Path(node.__file__).parents[3])
    environment = {**os.environ, "GALLEY_TOOLS": str(found.data.parent), "PYTHONPATH": root}
    with found.log.open("wb") as log:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=environment
        )
    processes.wait(lambda: first_process(found) is not None or process.poll() is not None, 10)


def _wait_until_ready(found: Folders, chosen: Place) -> None:
    applied = False

    def ready() -> bool:
        nonlocal applied
        if first_process(found) is None:
            return True
        if not found.connected.exists():
            return False
        try:
            api = Api(found.kubeconfig)
            applied = applied or _apply(api, chosen)
            deployments = api.get(_DEPLOYMENTS)["items"]
        except (OSError, urllib.error.URLError):
            return False
        return all(deployment.get("status", {}).get("availableReplicas") for deployment in deployments)

    in_time = processes.wait(ready, _READY_SECONDS)
    if first_process(found) is None or not in_time:
        end = "\n".join(found.log.read_text(errors="replace").splitlines()[-10:])
        raise MachineError(f"the cluster did not start:\n{end}", f"look at the logs in {found.log.parent}")


def _apply(api: Api, chosen: Place) -> bool:
    text = Template(_SYSTEM.read_text()).substitute(
        NODE=chosen.node, IMAGE=config.IMAGE, DNS=place.DNS_SERVICE
    )
    for thing in yaml.safe_load_all(text):
        api.apply(thing)
    return True


def _end(found: Folders) -> bool:
    """Kills the first process; the kernel ends the rest before the one above it has its answer."""
    above = first_process(found)
    if above is None:
        return False
    children = Path(f"/proc/{above}/task/{above}/children").read_text().split()
    for pid in [*map(int, children), *([] if children else [above])]:
        os.kill(pid, signal.SIGKILL)
    if not processes.wait(lambda: not processes.alive(above), _END_SECONDS):
        raise MachineError(f"the cluster (process {above}) does not end", f"look at {found.log}")
    return True


def _make_cgroups(found: Folders) -> None:
    for hierarchy in _hierarchies():
        (hierarchy / found.cgroup).mkdir(exist_ok=True)


def _remove_leftovers(found: Folders) -> None:
    """Control groups, files and the link: the kernel takes that away as well, but not at once."""
    with contextlib.suppress(ToolError):
        bridge.remove(found.link, SystemRunner())
    if not processes.wait(lambda: _remove_cgroups(found), _END_SECONDS):
        raise MachineError(f"the control group {found.cgroup} is in use", "end the processes in it")
    if found.data.exists():
        shutil.rmtree(found.data)


def _remove_cgroups(found: Folders) -> bool:
    """False while one of them is in use: the kernel takes a moment to let go of a process."""
    for hierarchy in _hierarchies():
        groups = sorted((hierarchy / found.cgroup).rglob("*/"), reverse=True)
        for group in [*groups, hierarchy / found.cgroup]:
            with contextlib.suppress(OSError):
                group.rmdir()
    return not any((hierarchy / found.cgroup).exists() for hierarchy in _hierarchies())


def _hierarchies() -> list[Path]:
    """Every hierarchy of version 1, or the only one of version 2."""
    if (_CGROUPS / "cgroup.procs").exists():
        return [_CGROUPS]
    return [path for path in sorted(_CGROUPS.iterdir()) if path.is_dir() and not path.is_symlink()]
