"""What a stand-in image is made from, fetched by the registries' ordinary clients into a build context."""

from __future__ import annotations

import hashlib
import shutil
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from galley_iac.errors import MachineError
from galley_iac.toolchain import apt, download, gobuild, machine
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.recipes import Fetch
from galley_iac.toolchain.runner import Runner

_NOT_NEEDED = (
    "var/cache/apt",
    "var/lib/apt/lists",
    "var/log",
    "usr/share/doc",
    "usr/share/man",
    "usr/share/locale",
)


class Fetcher:
    """Puts what a recipe asks for into a folder of its build context."""

    def __init__(self, runner: Runner, console: Console) -> None:
        self._runner = runner
        self._console = console

    def fetch(self, wanted: Fetch, context: Path) -> None:
        """Raises MachineError if a tool is missing or the content is not the pinned one, else ToolError."""
        kinds: Mapping[str, Callable[[Path, Mapping[str, Any]], None]] = {
            "debootstrap": self._debootstrap,
            "machine": lambda folder, _options: machine.write_settings(folder, self._runner),
            "npm": self._npm,
            "pypi": self._pypi,
            "go": self._go,
            "go-module": self._go_module,
        }
        folder = context / wanted.into
        folder.mkdir(parents=True)
        kinds[wanted.kind](folder, wanted.options)

    def _debootstrap(self, folder: Path, options: Mapping[str, Any]) -> None:
        if self._runner.which("debootstrap") is None:
            apt.install(["debootstrap"], "a base image has to be assembled", self._runner, self._console)
        root = folder / "root"
        include = f"--include={','.join(options['include'])}"
        command = ["debootstrap", "--variant=minbase", include, options["suite"], root]
        self._runner.run(command, on_line=self._console.tick)
        without = [f"--exclude=./{path}/*" for path in _NOT_NEEDED]
        self._runner.run(["tar", "-C", root, *without, "-cf", folder / "rootfs.tar", "."])
        shutil.rmtree(root)

    def _npm(self, folder: Path, options: Mapping[str, Any]) -> None:
        if self._runner.which("npm") is None:
            raise MachineError("npm is not installed", "install Node.js, and run `galley setup` again")
        self._runner.run(["npm", "pack", options["package"], "--pack-destination", folder])
        archive = _only_file(folder, options)
        download.extract(archive, folder)
        archive.unlink()

    def _pypi(self, folder: Path, options: Mapping[str, Any]) -> None:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        self._runner.run([*pip, "--python-version=3.12", "--dest", folder, options["package"]])
        wheel = _only_file(folder, options)
        if options.get("unpack", True):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
            wheel.unlink()

    def _go(self, folder: Path, options: Mapping[str, Any]) -> None:
        gobuild.find(self._runner, self._console).run(options["module"], str(folder))

    def _go_module(self, folder: Path, options: Mapping[str, Any]) -> None:
        """A module's own files: Go's checksum database vouches for them."""
        sources = gobuild.find(self._runner, self._console).download(options["module"], folder)
        shutil.copytree(sources, folder, dirs_exist_ok=True)


def _only_file(folder: Path, options: Mapping[str, Any]) -> Path:
    """The one file that was fetched, if it is the pinned one."""
    (file,) = folder.iterdir()
    actual = hashlib.sha256(file.read_bytes()).hexdigest()
    if actual != options["sha256"]:
        raise MachineError(
            f"{options['package']} has the checksum {actual}, pinned is {options['sha256']}: refused",
            "see that no mirror or proxy changes packages on the way",
        )
    return file
