"""A state that is cut short, as a power loss leaves it."""

from __future__ import annotations

from pathlib import Path

import pytest

from galley_iac.automation import backend
from galley_iac.errors import PreviewError

NOW, BEFORE = '{"version": 3, "now": true}', '{"version": 3}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = backend.state_file(tmp_path, "main-shop")
    path.parent.mkdir(parents=True)
    path.write_text(NOW)
    path.with_name("main-shop.json.bak").write_text(BEFORE)
    path.with_name("main-shop.json.attrs").write_text("{}")
    return path


def test_a_whole_one_stays(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert backend.whole_state(tmp_path, "main-shop") == file
    assert file.read_text() == NOW
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("text", ["", NOW[:-5], "\0" * 40])
def test_the_one_before_comes_back(
    text: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(text)
    file.with_name("main-shop.json.attrs").write_text("")
    assert backend.whole_state(tmp_path, "main-shop").read_text() == BEFORE
    assert "main-shop is cut short" in capsys.readouterr().err
    assert sorted(path.name for path in file.parent.iterdir()) == ["main-shop.json", "main-shop.json.bak"]


@pytest.mark.parametrize("before", [None, "", "{"])
def test_both_are_damaged(before: str | None, file: Path, tmp_path: Path) -> None:
    file.write_text("")
    path = file.with_name("main-shop.json.bak")
    path.unlink() if before is None else path.write_text(before)
    with pytest.raises(PreviewError, match=r"damaged.*\n.*galley down --name main-shop"):
        backend.whole_state(tmp_path, "main-shop")
    assert file.read_text() == ""


def test_none_at_all_is_no_damage(tmp_path: Path) -> None:
    assert not backend.whole_state(tmp_path, "main-shop").exists()
