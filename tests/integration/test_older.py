"""A state that an older version has written is taken over: nothing of the preview's data is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness import older
from tests.integration.harness.command import Completed, Galley
from tests.integration.harness.preview import Preview

VERSIONS = sorted(folder for folder in older.KEPT.iterdir() if folder.is_dir())
SECRET = "first-secret"
"""What the kept states were written with; it opens nothing."""

Revive = Callable[[dict[str, Any]], Galley]


@pytest.fixture(params=VERSIONS, ids=lambda folder: folder.name)
def version(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.param
    return folder


@pytest.fixture
def preview(version: Path, make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:
    """The preview that the kept state is of, with a table in its database."""
    with make_preview(make_repository(version / "repository", version.name)) as made:
        set_secret(made.galley, made)
        made.up()
        query(made, "CREATE TABLE kept AS SELECT 42 AS word")
        yield made


@pytest.fixture
def revive(preview: Preview, tmp_path: Path) -> Iterator[Revive]:
    """Puts a state into the backend of a new home, and gives the command that uses that home."""
    used: list[Galley] = []

    def make(state: dict[str, Any]) -> Galley:
        galley = Galley(tmp_path / f"older{len(used)}", preview.engine.host, preview.galley.tools)
        used.append(galley)
        set_secret(galley, preview)
        pulumi(galley, preview, "stack", "init", preview.name)
        settings = galley.home / "workspace" / "stacks" / f"Pulumi.{preview.name}.yaml"
        salt = yaml.safe_load(settings.read_text(encoding="utf-8"))["encryptionsalt"]
        state["deployment"]["secrets_providers"] = {"type": "passphrase", "state": {"salt": salt}}
        file = tmp_path / "state.json"
        file.write_text(json.dumps(state), encoding="utf-8")
        pulumi(galley, preview, "stack", "import", "--stack", preview.name, "--file", str(file))
        return galley

    yield make
    for galley in used:
        assert galley("down", at=preview.repository.path).code == 0
        assert galley.processes() == {}


def pulumi(galley: Galley, preview: Preview, *words: str) -> Completed:
    line = 'eval "$("$0" env)" && cd "$GALLEY_HOME/workspace" && exec pulumi "$@" --non-interactive'
    done = galley.run(["sh", "-c", line, str(galley.program), *words], at=preview.repository.path)
    assert done.code == 0, done.text
    return done


def set_secret(galley: Galley, preview: Preview) -> None:
    line = f'printf %s {SECRET} | "$0" secret set DB_PASSWORD'
    done = galley.run(["sh", "-c", line, str(galley.program)], at=preview.repository.path)
    assert done.code == 0, done.text


def query(preview: Preview, sql: str) -> str:
    code, output = preview.execute("db", "psql", "-U", "app", "-d", "app", "-tAc", sql)
    assert code == 0, output
    return output.strip()


def exported(preview: Preview) -> dict[str, Any]:
    found: dict[str, Any] = pulumi(
        preview.galley, preview, "stack", "export", "--show-secrets", "--stack", preview.name
    ).json
    return found


def test_its_database_stays(version: Path, preview: Preview, revive: Revive) -> None:
    before = preview.ids()
    state = older.revived(version, exported(preview), preview.name, preview.repository.project)
    galley = revive(state)
    done = galley("up", at=preview.repository.path)
    assert done.code == 0, done.text
    assert preview.ids()["db"] == before["db"]
    assert query(preview, "SELECT word FROM kept") == "42"
    assert preview.ask("api").status == 200

    # The control: a resource that was called something else, without an alias, is seen here.
    moved = older.renamed(state, "db", "database")
    done = revive(moved)("up", at=preview.repository.path)
    assert done.code == 1 or preview.ids()["db"] != before["db"]


def test_nothing_of_this_machine_is_kept(version: Path) -> None:
    """A kept state is a published file."""
    text = (version / older.STATE).read_text(encoding="utf-8")
    assert older.PREVIEW in text
    assert [word for word in ('"/home', '"/root', '"/tmp', "unix://") if word in text] == []
