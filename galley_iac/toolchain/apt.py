"""Debian packages: installed as root, else named in the remedy."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from galley_iac.errors import MachineError
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.runner import Runner, ToolError

_POLICY = Path("/usr/sbin/policy-rc.d")
"""Debian asks this program whether a package may start its service; 101 means no."""


def install(
    packages: Sequence[str], reason: str, runner: Runner, console: Console, user: int | None = None
) -> None:
    """Installs the packages. Raises MachineError where that takes a person: no apt-get, or not root.

    ``user`` is the id of the user who asks, the current one unless given.
    """
    command = f"apt-get install {' '.join(packages)}"
    apt = runner.which("apt-get")
    if apt is None:
        raise MachineError(
            reason, f"install with the system's package manager what `{command}` would on Debian"
        )
    if (os.geteuid() if user is None else user) != 0:
        raise MachineError(reason, f"run `sudo {command}`, then this command again")
    console.note(f"installing with apt-get: {' '.join(packages)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        runner.run([apt, "update"], env=quiet, on_line=console.tick)
        with no_services():
            options = ["--yes", "--no-install-recommends"]
            runner.run([apt, "install", *options, *packages], env=quiet, on_line=console.tick)
    except ToolError as error:
        raise MachineError(
            f"{reason}, and it could not be installed: {error}", f"run `{command}` by hand"
        ) from None


@contextmanager
def no_services(policy: Path = _POLICY) -> Iterator[None]:
    """Keeps packages from starting services: the Docker daemon that is wanted is started by us, apart."""
    if policy.exists() or not os.access(policy.parent, os.W_OK):
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink(missing_ok=True)
