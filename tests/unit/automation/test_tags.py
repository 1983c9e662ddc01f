"""How tags get into the file that Pulumi keeps them in; test_life.py has Pulumi itself read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from galley_iac.automation import backend, tags


class Asked:
    """A workspace that notes what it is asked to tag."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, str | None]] = []

    def tag(self, stack: str, name: str, value: str | None) -> None:
        self.calls.append((stack, name, value))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    local = backend.local_state()
    assert local
    found = backend.tags_file(local, "main-shop")
    found.parent.mkdir(parents=True)
    return found


def write(changes: dict[str, str | None]) -> list[Any]:
    asked = Asked()
    tags.write("main-shop", changes, asked)  # type: ignore[arg-type]
    return asked.calls


def test_as_pulumi_writes_them(file: Path) -> None:
    assert write({"galley:ttl": "2d", "galley:pinned": None}) == []
    assert json.loads(file.read_text()) == {"version": 1, "tags": {"galley:ttl": "2d"}}
    assert tags.read("main-shop") == {"galley:ttl": "2d"}


def test_others_are_kept(file: Path) -> None:
    write({"team": "blue", "galley:ttl": "2d"})
    write({"galley:ttl": "3d"})
    assert tags.read("main-shop") == {"team": "blue", "galley:ttl": "3d"}
    assert [path.name for path in file.parent.iterdir()] == [file.name], "nothing is left beside it"


def test_without_any_there_is_no_file(file: Path) -> None:
    write({"galley:ttl": "2d"})
    write({"galley:ttl": None})
    assert not file.exists()


def test_what_is_as_it_was_is_not_written(file: Path) -> None:
    write({"galley:ttl": "2d"})
    before = file.stat().st_ino
    write({"galley:ttl": "2d", "galley:pinned": None})
    assert file.stat().st_ino == before


@pytest.mark.parametrize("text", ['{"version": 2, "tags": {}}', "", "{"])
def test_another_form_is_left_to_pulumi(file: Path, text: str) -> None:
    file.write_text(text)
    assert write({"galley:ttl": "2d"}) == [("main-shop", "galley:ttl", "2d")]
    assert file.read_text() == text


def test_a_shared_backend_is_left_to_pulumi(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "read", lambda _: {"galley:ttl": "2d"})
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://bucket")
    assert write({"galley:ttl": None}) == [("main-shop", "galley:ttl", None)]
    assert not file.exists()
