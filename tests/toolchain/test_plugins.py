"""Getting a resource plugin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import artifact, download, pins, plugins
from galley_iac.toolchain.runner import ToolError
from tests.toolchain.fakes import FakeRunner, FakeSite, go_builds, means

DOCKER = pins.DOCKER_PLUGIN


@pytest.fixture
def go() -> FakeRunner:
    return FakeRunner(
        {"go": "/usr/bin/go"},
        {
            "go version": "go version go1.26.0 linux/amd64",
            "go build": go_builds,
            "pulumi-resource-docker --write-schema": _write_schema,
        },
    )


def _write_schema(words: Sequence[str], _cwd: Path | None) -> str:
    Path(words[2]).write_text("{}")
    return ""


def test_the_folder_is_the_one_that_pulumi_looks_in() -> None:
    assert (DOCKER.folder, DOCKER.program) == ("resource-docker-v5.2.0", "pulumi-resource-docker")


def test_the_archive_comes_before_a_build(tmp_path: Path) -> None:
    archive = download.plugin_archive("docker", DOCKER.version).path.rpartition("/")[2]
    step, printed = means(tmp_path / "tools", FakeRunner(), FakeSite({archive: {DOCKER.program: "official"}}))

    plugins.ensure(DOCKER, step)

    assert (
        tmp_path / "tools" / "pulumi-home" / "plugins" / DOCKER.folder / DOCKER.program
    ).read_text() == "official"
    assert "plugin docker 5.2.0: downloaded from" in printed.getvalue()


def test_a_build_writes_its_schema_beside_the_program(tmp_path: Path, go: FakeRunner) -> None:
    step, printed = means(tmp_path / "tools", go, FakeSite(refuses="silent"))

    plugins.ensure(DOCKER, step)

    folder = tmp_path / "tools" / "pulumi-home" / "plugins" / DOCKER.folder
    assert sorted(path.name for path in folder.iterdir()) == ["galley.json", DOCKER.program, "schema.json"]
    assert "silent; building it from source" in printed.getvalue()


def test_what_pulumi_has_installed_stays(tmp_path: Path) -> None:
    step, printed = means(tmp_path / "tools", FakeRunner(), FakeSite())
    folder = step.layout.plugins / DOCKER.folder
    folder.mkdir(parents=True)
    (folder / DOCKER.program).write_text("theirs")

    plugins.ensure(DOCKER, step)

    assert (folder / DOCKER.program).read_text() == "theirs"
    assert "plugin docker 5.2.0: installed by Pulumi" in printed.getvalue()


def test_what_the_user_has_is_copied(tmp_path: Path) -> None:
    theirs = tmp_path / "home" / ".pulumi" / "plugins" / DOCKER.folder
    theirs.mkdir(parents=True)
    (theirs / DOCKER.program).write_text("theirs")
    step, printed = means(tmp_path / "tools", FakeRunner(), FakeSite())

    plugins.ensure(DOCKER, step)

    assert (step.layout.plugins / DOCKER.folder / DOCKER.program).read_text() == "theirs"
    assert f"copied from {theirs}" in printed.getvalue()


def test_one_that_pulumi_has_installed_by_half_is_not_there(tmp_path: Path) -> None:
    step, _ = means(tmp_path / "tools", FakeRunner(), FakeSite())
    folder = step.layout.plugins / DOCKER.folder
    folder.mkdir(parents=True)
    (folder / DOCKER.program).touch()
    (step.layout.plugins / f"{DOCKER.folder}.partial").touch()

    assert plugins.find(DOCKER, step.layout) is None


def test_one_of_an_older_recipe_is_replaced(tmp_path: Path, go: FakeRunner) -> None:
    step, _ = means(tmp_path / "tools", go, FakeSite())
    folder = step.layout.plugins / DOCKER.folder
    folder.mkdir(parents=True)
    (folder / DOCKER.program).write_text("old")
    artifact.write_stamp(folder, artifact.Stamp(DOCKER.version, "old recipe", "built"))

    plugins.ensure(DOCKER, step)

    assert (folder / DOCKER.program).read_text() == "built: ."
    assert plugins.find(DOCKER, step.layout) == "built from source, from the Go module proxy"


def test_a_plugin_without_schema_is_not_installed(tmp_path: Path, go: FakeRunner) -> None:
    go.answers["pulumi-resource-docker --write-schema"] = ToolError("panic")
    step, _ = means(tmp_path / "tools", go, FakeSite())

    with pytest.raises(MachineError, match="the plugin docker has no schema: panic"):
        plugins.ensure(DOCKER, step)

    assert plugins.find(DOCKER, step.layout) is None


def test_a_plugin_whose_module_carries_its_schema_gets_a_copy(tmp_path: Path, go: FakeRunner) -> None:
    plugin = pins.KUBERNETES_PLUGIN
    for path in plugin.carried:
        (tmp_path / "module" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "module" / path).write_text(path)
    go.answers["go list"] = str(tmp_path / "module")
    step, _ = means(tmp_path / "tools", go, FakeSite())

    plugins.ensure(plugin, step)

    folder = step.layout.plugins / plugin.folder
    assert sorted(path.name for path in folder.iterdir()) == [
        "galley.json",
        "pulumi-resource-kubernetes",
        "schema.json",
        "terraform-mapping.json",
    ]
