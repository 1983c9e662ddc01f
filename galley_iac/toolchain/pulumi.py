"""The Pulumi CLI and the Python language host: the machine's, else Pulumi's archive, else a build."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from galley_iac.errors import MachineError
from galley_iac.toolchain import artifact, download, gobuild, locate, paths, pins
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.runner import Runner, ToolError

_CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_SDK = "github.com/pulumi/pulumi/sdk/v3"
_HOST = f"{_SDK}/python/cmd/pulumi-language-python"
_VERSION_VARIABLE = f"{_SDK}/go/common/version.Version"


@dataclass(frozen=True)
class Means:
    """What a step may use. ``site`` is shared, so that a silent site is asked only once."""

    layout: paths.Layout
    console: Console
    runner: Runner
    site: download.Site
    environ: Mapping[str, str]


def ensure(means: Means) -> locate.Tools:
    """The tools, made if there are none that fit. Raises MachineError."""
    present = locate.locate(means.environ, means.runner)
    if present is not None and (present.pulumi.parent != means.layout.pulumi / "bin" or _is_current(means)):
        means.console.note(f"Pulumi {present.version}: {present.source}")
        return present
    artifact.ensure(means.layout.pulumi, pins.PULUMI, _key(), lambda draft: _make(draft, means))
    made = locate.own(means.layout)
    assert made is not None, "a folder that was just made carries a stamp"
    means.console.note(f"Pulumi {made.version}: {made.source}")
    return made


def _is_current(means: Means) -> bool:
    stamp = artifact.read_stamp(means.layout.pulumi)
    return stamp is not None and stamp.key == _key()


def _key() -> str:
    recipes = [paths.GO_RECIPES / "pulumi-cli", paths.GO_RECIPES / "language-host"]
    return f"{pins.PULUMI}-{pins.LANGUAGE_HOST}-{paths.recipe_hash(*recipes)}"


def _make(draft: Path, means: Means) -> str:
    try:
        return _download(draft, means)
    except download.DownloadError as error:
        means.console.note(f"{error}; building it from source (some minutes)")
    return _build(draft, means)


def _download(draft: Path, means: Means) -> str:
    means.site.unpack(download.cli_archive(pins.PULUMI), draft)
    (draft / "pulumi").rename(draft / "bin")
    return f"downloaded from {means.site.host}"


def _build(draft: Path, means: Means) -> str:
    """The host runs through a script, since it takes no notice of the project's virtual environment."""
    go = gobuild.find(means.runner, means.console)
    programs, host_parts = draft / "bin", draft / "libexec"
    programs.mkdir()
    host_parts.mkdir()
    go.build("pulumi-cli", _CLI, programs / "pulumi", {_VERSION_VARIABLE: f"v{pins.PULUMI}"})
    host = host_parts / "pulumi-language-python"
    go.build("language-host", _HOST, host, {_VERSION_VARIABLE: f"v{pins.LANGUAGE_HOST}"})
    try:
        sources = go.module_folder("language-host", _SDK)
    except ToolError as error:
        raise MachineError(str(error), "run `galley setup` again") from None
    _copy_program(sources / "python/cmd/pulumi-language-python-exec", host_parts)
    _copy_program(paths.GO_RECIPES / "language-host" / "pulumi-language-python", programs)
    return "built from source, from the Go module proxy"


def _copy_program(source: Path, folder: Path) -> None:
    target = Path(shutil.copy(source, folder))
    target.chmod(0o755)
