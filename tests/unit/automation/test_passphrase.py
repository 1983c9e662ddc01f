"""Which key there is, and that it is made only once."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from galley_iac.automation import passphrase


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    for name in (passphrase.PHRASE, passphrase.FILE):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_one_of_our_own() -> None:
    path = passphrase.own()
    text = path.read_text()
    assert len(text) > 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert passphrase.own().read_text() == text


def test_nothing_else_is_left(home: Path) -> None:
    passphrase.own()
    assert [path.name for path in home.iterdir()] == ["key"]


def test_whether_one_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not passphrase.is_given()
    monkeypatch.setenv(passphrase.PHRASE, "")
    assert passphrase.is_given()


def test_every_source_makes_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "team"
    file.write_text("ours")
    found = [passphrase.material(), passphrase.material()]
    monkeypatch.setenv(passphrase.PHRASE, "ours")
    found.append(passphrase.material())
    monkeypatch.setenv(passphrase.FILE, str(file))
    found.append(passphrase.material())
    file.write_text("others")
    found.append(passphrase.material())
    assert found[0] == found[1]
    assert len(set(found)) == 4


def test_a_file_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(passphrase.FILE, "/nowhere/at/all")
    with pytest.raises(FileNotFoundError):
        passphrase.material()
