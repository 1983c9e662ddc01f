"""Other Docker daemons, on a made-up /proc."""

from __future__ import annotations

from pathlib import Path

import pytest

from galley_iac.toolchain import rivals

HERE, ELSEWHERE = "net:[1]", "net:[2]"


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    _process(tmp_path, "self", "python", HERE)
    _process(tmp_path, "7", "containerd", HERE)
    return tmp_path


def _process(proc: Path, pid: str, name: str, namespace: str) -> None:
    (proc / pid / "ns").mkdir(parents=True)
    (proc / pid / "comm").write_text(f"{name}\n")
    (proc / pid / "ns" / "net").symlink_to(namespace)


def test_there_is_none(proc: Path) -> None:
    assert rivals.find(None, proc) is None


def test_the_users_daemon_is_one(proc: Path) -> None:
    _process(proc, "42", "dockerd", HERE)

    assert rivals.find(None, proc) == 42


def test_our_own_is_none(proc: Path) -> None:
    _process(proc, "42", "dockerd", HERE)

    assert rivals.find(42, proc) is None


def test_one_in_another_network_namespace_is_none(proc: Path) -> None:
    _process(proc, "42", "dockerd", ELSEWHERE)

    assert rivals.find(None, proc) is None


def test_a_process_that_ends_meanwhile_is_passed_over(proc: Path) -> None:
    (proc / "41").mkdir()

    assert rivals.find(None, proc) is None
