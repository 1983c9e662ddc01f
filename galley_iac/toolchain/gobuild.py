"""Programs built from the Go module proxy: each folder under ``go/`` is a module, checked by its go.sum."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from galley_iac.errors import MachineError
from galley_iac.toolchain import paths, pins
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.runner import Runner, ToolError

_USUAL_PLACE = Path("/usr/local/go/bin/go")
_ENVIRONMENT = {"CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": "-mod=readonly"}
"""No C compiler, no workspace of the user's, no change to go.mod: the same program on every machine."""

_HASTE = {"GOGC": "off", "GOMEMLIMIT": "1GiB"}
"""Each process of the compiler collects garbage only beyond this memory: a fifth of its time less."""


class Go:
    """The Go command of this machine."""

    def __init__(self, program: Path, runner: Runner, console: Console) -> None:
        self._program = program
        self._runner = runner
        self._console = console

    def build(
        self,
        recipe: str | Path,
        packages: str | Sequence[str],
        output: Path,
        variables: Mapping[str, str],
        tags: str = "",
    ) -> None:
        """Builds a package (``.`` is the recipe's own) with linker ``variables``. Raises MachineError.

        Several packages are built at once, into the folder ``output``. ``recipe`` may be a copy of one.
        """
        flags = " ".join(["-s", "-w", *(f"-X {name}={value}" for name, value in variables.items())])
        words = [packages] if isinstance(packages, str) else packages
        progress = _Progress(self._console, output.name if len(words) == 1 else str(recipe))
        try:
            options = ["-v", "-trimpath", "-buildvcs=false", f"-tags={tags}", f"-ldflags={flags}"]
            self._go(recipe, ["build", *options, "-o", str(output), *words], progress)
        except ToolError as error:
            raise MachineError(
                f"{output.name} could not be built from source: {error}",
                "see docs/toolchain.md for what the build needs; run `galley setup` again when it is mended",
            ) from None

    def run(self, recipe: str, *arguments: str) -> str:
        """Runs the recipe's own program and returns its output. Raises ToolError."""
        return self._go(recipe, ["run", ".", *arguments], None)

    def download(self, module: str, folder: Path) -> Path:
        """Where the files of ``module@version`` are; ``folder`` is outside any module. Raises ToolError."""
        printed = self._runner.run([self._program, "mod", "download", "-json", module], cwd=folder)
        return Path(json.loads(printed[printed.index("{") :])["Dir"])

    def module_folder(self, recipe: str, module: str) -> Path:
        """Where the sources of a module that the recipe requires are. Raises ToolError."""
        return Path(self._go(recipe, ["list", "-m", "-f", "{{.Dir}}", module], None).splitlines()[-1])

    def _go(self, recipe: str | Path, command: list[str], progress: _Progress | None) -> str:
        folder, environment = paths.GO_RECIPES / recipe, _ENVIRONMENT | _HASTE
        return self._runner.run([self._program, *command], cwd=folder, env=environment, on_line=progress)


class _Progress:
    """Counts what the Go command reports: modules that it downloads, packages that it compiles."""

    def __init__(self, console: Console, name: str) -> None:
        self._console, self._name = console, name
        self._modules = self._packages = 0

    def __call__(self, line: str) -> None:
        if line.startswith("go: downloading"):
            self._modules += 1
        else:
            self._packages += 1
        self._console.tick(
            f"{self._name}: {self._modules} modules downloaded, {self._packages} packages compiled"
        )


def find(runner: Runner, console: Console) -> Go:
    """The Go command. Raises MachineError with the remedy where it is missing or too old."""
    program = runner.which("go") or (_USUAL_PLACE if _USUAL_PLACE.is_file() else None)
    if program is None:
        raise MachineError("Go is not installed, and Pulumi's own site cannot be used", _remedy())
    match = re.search(r"go(\d+)\.(\d+)", runner.run([program, "version"], env={"GOTOOLCHAIN": "local"}))
    if match is None or tuple(map(int, match.groups())) < pins.MINIMUM_GO:
        raise MachineError(f"{program} is too old to build Pulumi", _remedy())
    return Go(program, runner, console)


def _remedy() -> str:
    version = ".".join(map(str, pins.MINIMUM_GO))
    return f"install Go {version} or later, or Pulumi {pins.PULUMI} itself, and run `galley setup` again"
