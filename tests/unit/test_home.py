"""Where things of ours are kept, and who may look in."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from galley_iac import home
from galley_iac.errors import MachineError


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path / "own"))


def test_the_named_folder(tmp_path: Path) -> None:
    assert home.home() == tmp_path / "own"


@pytest.mark.parametrize("value", [None, ""])
def test_the_usual_folder(value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    if value is None:
        monkeypatch.delenv("GALLEY_HOME")
    else:
        monkeypatch.setenv("GALLEY_HOME", value)
    assert home.home() == tmp_path / ".galley"


def test_only_its_owner_may_look_in() -> None:
    for folder in (home.home(), home.state(), home.workspace(), home.locks()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_relative_folder_does_not_move_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GALLEY_HOME", "here")
    assert home.home() == tmp_path / "here"


def test_a_build_s_log_has_its_place_by_the_image_s_tag() -> None:
    assert home.build_log("galley-shop:0a") == home.home() / "builds" / "galley-shop-0a.log"


def test_a_folder_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path / "file"))
    with pytest.raises(MachineError) as raised:
        home.state()
    assert str(raised.value) == (
        f"{tmp_path}/file cannot be made: File exists\n    set GALLEY_HOME to a folder that can be written"
    )
