"""Resource plugins: the one that is there, else Pulumi's archive, else built from source."""

from __future__ import annotations

import shutil
from pathlib import Path

from galley_iac.errors import MachineError
from galley_iac.toolchain import artifact, download, gobuild, paths
from galley_iac.toolchain.pins import Plugin
from galley_iac.toolchain.pulumi import Means
from galley_iac.toolchain.runner import ToolError


def find(plugin: Plugin, layout: paths.Layout) -> str | None:
    """Where the plugin came from; None when it is not there or was made from an older recipe."""
    folder = layout.plugins / plugin.folder
    if not (folder / plugin.program).is_file() or folder.with_name(f"{folder.name}.partial").exists():
        return None
    stamp = artifact.read_stamp(folder)
    if stamp is None:
        return "installed by Pulumi"
    return stamp.source if stamp.key == _key(plugin) else None


def ensure(plugin: Plugin, means: Means) -> None:
    """Puts the plugin where Pulumi looks for it. Raises MachineError."""
    source = find(plugin, means.layout)
    if source is None:
        folder = means.layout.plugins / plugin.folder
        source = artifact.ensure(
            folder, plugin.version, _key(plugin), lambda draft: _make(draft, plugin, means)
        ).source
    means.console.note(f"plugin {plugin.name} {plugin.version}: {source}")


def _key(plugin: Plugin) -> str:
    return f"{plugin.version}-{paths.recipe_hash(paths.GO_RECIPES / plugin.recipe)}"


def _make(draft: Path, plugin: Plugin, means: Means) -> str:
    installed = Path(means.environ.get("HOME", "/")) / ".pulumi" / "plugins" / plugin.folder
    if (installed / plugin.program).is_file():
        shutil.copytree(installed, draft, dirs_exist_ok=True)
        return f"copied from {installed}"
    try:
        means.site.unpack(download.plugin_archive(plugin.name, plugin.version), draft)
        return f"downloaded from {means.site.host}"
    except download.DownloadError as error:
        means.console.note(f"{error}; building it from source (some minutes)")
    return _build(draft, plugin, means)


def _build(draft: Path, plugin: Plugin, means: Means) -> str:
    """The plugin reads its schema from beside it: put there once, it costs no time at each start."""
    go = gobuild.find(means.runner, means.console)
    program = draft / plugin.program
    go.build(plugin.recipe, ".", program, {"main.version": plugin.version}, tags=plugin.tags)
    try:
        if plugin.carried:
            sources = go.module_folder(plugin.recipe, plugin.module)
            for path in plugin.carried:
                shutil.copyfile(sources / path, draft / Path(path).name)
        else:
            means.runner.run([program, "--write-schema", draft / "schema.json"])
    except (ToolError, OSError) as error:
        raise MachineError(
            f"the plugin {plugin.name} has no schema: {error}", "run `galley setup` again"
        ) from None
    return "built from source, from the Go module proxy"
