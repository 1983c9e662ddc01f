"""``galley validate``, ``schema`` and ``init``, as they are called."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from galley_iac.cli.main import main
from galley_iac.manifest import parse, schema

RIGHT = "version: 1\nservices:\n  db: {kind: database, image: 'postgres:16'}\n"
WRONG = "version: 1\nservices:\n  db: {kind: databas, image: 'postgres:16', expos: 1}\n"
WARNED = "version: 1\nservices:\n  db: {image: 'postgres:16'}\n"
COMPOSE = "services:\n  web: {image: nginx, ports: ['80:80'], user: me}\n  off: {image: x, profiles: [p]}\n"


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The command sets a handler of its own for the process."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that is the current folder."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_validate_a_right_manifest(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "galley.yaml").write_text(RIGHT)
    assert main(["validate"]) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "galley.yaml is right: db\n")


def test_validate_as_data(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "galley.yaml").write_text(WARNED)
    assert main(["validate", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["file"] == "galley.yaml"
    assert found["services"] == {"db": {"kind": "database"}}
    (warning,) = found["warnings"]
    assert (warning["line"], warning["column"], warning["path"]) == (3, 3, "services.db")


def test_validate_a_wrong_manifest(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "galley.yaml").write_text(WRONG)
    assert main(["validate"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[::2] == [
        "galley.yaml:3:14: services.db.kind: `databas` is none of `web`, `api`, `worker`, `database`, "
        "`cache`, `queue` and `other` (did you mean `database`?)",
        "galley.yaml:3:45: services.db.expos: unknown key (did you mean `expose`?)",
    ]


def test_validate_a_wrong_manifest_as_data(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "galley.yaml").write_text(WRONG)
    assert main(["validate", "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["kind"] == "input"
    assert [problem["path"] for problem in error["problems"]] == ["services.db.kind", "services.db.expos"]


def test_validate_says_what_is_assumed_and_strictly_refuses_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "galley.yaml").write_text(WARNED)
    assert main(["validate"]) == 0
    assert capsys.readouterr().err.startswith("warning: galley.yaml:3:3: services.db: no `kind`: taken as")
    assert main(["validate", "--strict"]) == 2
    assert "no `kind`: taken as" in capsys.readouterr().err


def test_validate_looks_for_build_contexts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "galley.yaml").write_text("version: 1\nservices: {a: {kind: worker, build: ./nowhere}}\n")
    assert main(["validate"]) == 2
    assert "galley.yaml:2:" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_validate_no_manifest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate"]) == 2
    assert "galley.yaml" in capsys.readouterr().err


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == schema.text()


def test_init(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "compose.yaml").write_text(COMPOSE)
    assert main(["init"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "warning: compose.yaml:2:41: services.web.user: `user` is not carried over" in captured.err
    written = (folder / "galley.yaml").read_text()
    assert written.startswith("# Written by `galley init` from compose.yaml.\nversion: 1\n")
    assert list(parse(written, "galley.yaml").manifest.services) == ["web"]
    assert main(["validate", "--strict"]) == 0


def test_init_prints(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "compose.yaml").write_text(COMPOSE)
    assert main(["init", "--stdout", "--profile", "p"]) == 0
    assert list(parse(capsys.readouterr().out, "x").manifest.services) == ["web", "off"]
    assert not (folder / "galley.yaml").exists()


def test_init_overwrites_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "compose.yaml").write_text(COMPOSE)
    (folder / "galley.yml").write_text(RIGHT)
    assert main(["init", "-f", "compose.yaml"]) == 2
    assert "galley.yml is there already" in capsys.readouterr().err
    assert (folder / "galley.yml").read_text() == RIGHT
    assert not (folder / "galley.yaml").exists()


def test_init_strictly_writes_nothing_when_something_is_lost(folder: Path) -> None:
    (folder / "compose.yaml").write_text("services: {web: {image: nginx, ports: [80], entrypoint: run}}\n")
    assert main(["init", "--strict"]) == 2
    assert not (folder / "galley.yaml").exists()
