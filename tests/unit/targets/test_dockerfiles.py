"""Generated Dockerfiles as files."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from galley_iac.plan.model import Generated
from galley_iac.targets.docker import dockerfiles

TAG = "galley-shop:0123456789abcdef"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    return tmp_path


def test_both_files_lie_in_a_folder_of_the_tag(home: Path) -> None:
    path = dockerfiles.write(TAG, Generated("FROM a\n", ".git\n"))
    assert path == home / "builds" / "galley-shop-0123456789abcdef" / "Dockerfile"
    assert path.read_text() == "FROM a\n"
    assert path.with_name("Dockerfile.dockerignore").read_text() == ".git\n"


def test_what_was_there_is_replaced_and_nothing_is_left_beside_it() -> None:
    dockerfiles.write(TAG, Generated("FROM a\n", ".git\n"))
    path = dockerfiles.write(TAG, Generated("FROM a\n", ".hg\n"))
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["Dockerfile", "Dockerfile.dockerignore"]
    assert path.with_name("Dockerfile.dockerignore").read_text() == ".hg\n"


def test_only_its_owner_may_look() -> None:
    path = dockerfiles.write(TAG, Generated("", ""))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
