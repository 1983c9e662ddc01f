"""Building the servers that tests drive."""

from __future__ import annotations

from pathlib import Path

import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import paths, pins, servers
from galley_iac.toolchain.runner import ToolError
from tests.toolchain.fakes import FakeRunner, FakeSite, go_builds, means


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """The forge's module as Go's cache holds it: files that nobody may write."""
    for name in ("options", "templates", "public"):
        folder = tmp_path / "module" / name
        folder.mkdir(parents=True)
        (folder / "file").write_text(name)
        (folder / "file").chmod(0o444)
    return tmp_path / "module"


def go(sources: Path) -> FakeRunner:
    return FakeRunner(
        {"go": "/usr/bin/go"},
        {
            "go version": "go version go1.26.0 linux/amd64",
            "go build": go_builds,
            "go list -m": f"{sources}\n",
        },
    )


def test_a_server_has_beside_it_what_it_reads(tmp_path: Path, sources: Path) -> None:
    step, printed = means(tmp_path / "tools", go(sources), FakeSite())

    servers.ensure(pins.GITEA, step)

    made = servers.folder(pins.GITEA, step.layout)
    assert servers.program(pins.GITEA, step.layout).read_text() == "built: code.gitea.io/gitea"
    assert {path.name for path in made.iterdir()} == {
        *("galley.json", "gitea", "options", "public", "templates")
    }
    assert (made / "options" / "file").stat().st_mode & 0o777 == 0o644
    assert "gitea 1.24.6: built from source" in printed.getvalue()


def test_it_is_built_once(tmp_path: Path, sources: Path) -> None:
    runner = go(sources)
    step, _ = means(tmp_path / "tools", runner, FakeSite())

    servers.ensure(pins.VERSITYGW, step)
    servers.ensure(pins.VERSITYGW, step)

    assert len([line for line in runner.commands if line.startswith("go build")]) == 1


def test_no_c_compiler_is_asked_for(tmp_path: Path, sources: Path) -> None:
    runner = go(sources)
    step, _ = means(tmp_path / "tools", runner, FakeSite())

    servers.ensure(pins.GITEA, step)

    built = [
        env for line, env in zip(runner.commands, runner.environments, strict=True) if "go build" in line
    ]
    assert [env["CGO_ENABLED"] for env in built] == ["0"]


def test_sources_that_are_not_there_leave_nothing(tmp_path: Path, sources: Path) -> None:
    runner = go(sources)
    runner.answers["go list -m"] = ToolError("no such module")
    step, _ = means(tmp_path / "tools", runner, FakeSite())

    with pytest.raises(MachineError, match="no such module"):
        servers.ensure(pins.GITEA, step)

    assert not servers.folder(pins.GITEA, step.layout).exists()


@pytest.mark.parametrize("server", [*servers.ALL, pins.COMPOSE], ids=lambda server: server.name)
def test_each_recipe_asks_for_the_pinned_version(server: pins.Server) -> None:
    asked = (paths.GO_RECIPES / server.name / "go.mod").read_text()

    assert f"{server.module} v{server.version}\n" in asked
