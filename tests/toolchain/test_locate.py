"""Which Pulumi is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import artifact, paths, pins
from galley_iac.toolchain.locate import compatible, locate
from galley_iac.toolchain.runner import ToolError
from tests.toolchain.fakes import FakeRunner

NEW, OLD = "v3.999.1\n", "v3.100.0\n"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"GALLEY_TOOLS": str(tmp_path)}


@pytest.fixture
def set_up(tmp_path: Path) -> Path:
    """A Pulumi that the set-up has made."""
    folder = tmp_path / "pulumi"
    folder.mkdir()
    artifact.write_stamp(folder, artifact.Stamp(pins.PULUMI, "key", "built"))
    return folder / "bin" / "pulumi"


def test_nothing_is_there(environ: dict[str, str]) -> None:
    assert locate(environ, FakeRunner()) is None


def test_the_one_that_was_set_up(environ: dict[str, str], set_up: Path, tmp_path: Path) -> None:
    tools = locate(environ, FakeRunner())

    assert tools is not None
    assert (tools.pulumi, tools.version, tools.source) == (set_up, pins.PULUMI, "built")
    assert tools.pulumi_home == tmp_path / "pulumi-home"


@pytest.mark.usefixtures("set_up")
def test_an_installed_one_comes_first(environ: dict[str, str]) -> None:
    runner = FakeRunner({"pulumi": "/usr/bin/pulumi"}, {"pulumi version": NEW})

    tools = locate(environ, runner)

    assert tools is not None
    assert (str(tools.pulumi), tools.version) == ("/usr/bin/pulumi", "3.999.1")
    assert tools.source == "already installed: /usr/bin/pulumi"


@pytest.mark.parametrize("answer", [OLD, "v4.0.0\n", "what?", ToolError("broken")])
def test_an_installed_one_that_does_not_fit_is_passed_over(
    environ: dict[str, str], set_up: Path, answer: str | ToolError
) -> None:
    runner = FakeRunner({"pulumi": "/usr/bin/pulumi"}, {"pulumi version": answer})

    tools = locate(environ, runner)

    assert tools is not None
    assert tools.pulumi == set_up


def test_ours_on_path_is_known_without_starting_it(environ: dict[str, str], set_up: Path) -> None:
    runner = FakeRunner({"pulumi": str(set_up)})

    assert locate(environ, runner) is not None
    assert runner.commands == []


@pytest.mark.usefixtures("set_up")
def test_the_one_that_is_named_comes_before_all(environ: dict[str, str]) -> None:
    runner = FakeRunner({"pulumi": "/usr/bin/pulumi"}, {"mine version": "3.260.0", "pulumi version": NEW})

    tools = locate({**environ, "GALLEY_PULUMI": "/opt/mine"}, runner)

    assert tools is not None
    assert (str(tools.pulumi), tools.source) == ("/opt/mine", "named by GALLEY_PULUMI")


def test_the_set_up_s_own_is_known_without_asking_it(environ: dict[str, str], set_up: Path) -> None:
    tools = locate({**environ, "GALLEY_PULUMI": str(set_up)}, FakeRunner())

    assert tools is not None
    assert (tools.pulumi, tools.source) == (set_up, "named by GALLEY_PULUMI")


@pytest.mark.usefixtures("set_up")
@pytest.mark.parametrize(("answer", "said"), [(OLD, "Pulumi 3.100.0"), (ToolError("no"), "not a Pulumi CLI")])
def test_a_named_one_is_never_replaced(environ: dict[str, str], answer: str | ToolError, said: str) -> None:
    with pytest.raises(MachineError, match=said) as caught:
        locate({**environ, "GALLEY_PULUMI": "/opt/mine"}, FakeRunner({}, {"mine version": answer}))

    assert "unset GALLEY_PULUMI and run `galley setup`" in str(caught.value)


def test_the_set_up_of_an_older_release_does_not_fit(environ: dict[str, str], set_up: Path) -> None:
    artifact.write_stamp(set_up.parents[1], artifact.Stamp("3.1.0", "key", "built"))

    assert locate(environ, FakeRunner()) is None


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        (pins.PULUMI, True),
        ("3.259.1", True),
        ("3.300.0", True),
        ("3.258.9", False),
        ("4.0.0", False),
        ("", False),
    ],
)
def test_versions_that_fit(version: str, fits: bool) -> None:
    assert compatible(version) is fits


def test_the_pulumi_home_that_is_set_stays(environ: dict[str, str], set_up: Path) -> None:
    tools = locate({**environ, "PULUMI_HOME": "/home/a/.pulumi"}, FakeRunner())

    assert tools is not None
    assert tools.pulumi_home == paths.layout({"PULUMI_HOME": "/home/a/.pulumi", "HOME": "/"}).pulumi_home
    assert set_up.parent.name == "bin"
