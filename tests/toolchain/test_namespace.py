"""Where a command has to run to reach what our engine publishes, on a made-up /proc."""

from __future__ import annotations

from pathlib import Path

import pytest

from galley_iac.toolchain.namespace import Namespace, entering


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    for name, namespace in {"self": "net:[1]", "7": "net:[1]", "8": "net:[2]"}.items():
        (tmp_path / name / "ns").mkdir(parents=True)
        (tmp_path / name / "ns" / "net").symlink_to(namespace)
    return tmp_path


@pytest.mark.parametrize("pid", [None, 7])
def test_nothing_has_to_be_entered_for_an_engine_that_is_here(proc: Path, pid: int | None) -> None:
    assert entering(pid, proc) == []


def test_the_engines_namespace_is_entered(proc: Path) -> None:
    assert entering(8, proc) == ["nsenter", f"--net={proc}/8/ns/net"]


def test_a_command_inside_a_named_namespace() -> None:
    namespace = Namespace("galley-none", Path("/run/galley-none"))

    assert not namespace.exists
    assert namespace.inside(["ip", Path("/x")]) == ["nsenter", "--net=/run/netns/galley-none", "ip", "/x"]
