"""A stack's configuration: ours is written, what was set by hand stays, a project's settings arrive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from galley_iac.automation import configuration
from galley_iac.automation.configuration import (
    ConfigFile,
    asked,
    config_file,
    is_preview,
    project_stack,
    with_settings,
    write_if_other,
)
from galley_iac.plan.identity import Identity, preview_name
from galley_iac.request import Request


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path / "home"))


def file(path: Path, **document: Any) -> ConfigFile:
    path.write_text(yaml.safe_dump(document))
    return ConfigFile(path)


def test_what_was_set_by_hand_stays(tmp_path: Path) -> None:
    own = file(
        tmp_path / "Pulumi.p.yaml",
        encryptionsalt="v1:abc",
        config={
            "docker:host": "x",
            "galley:branch": "old",
            "galley:strict": "true",
            "other:key": {"secure": "v1:x"},
        },
    )
    own.merge({"galley:branch": "new", "galley:strict": None, "galley:pr": None})
    assert yaml.safe_load(own.path.read_text()) == {
        "encryptionsalt": "v1:abc",
        "config": {"docker:host": "x", "galley:branch": "new", "other:key": {"secure": "v1:x"}},
    }


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    own = ConfigFile(tmp_path / "stacks" / "Pulumi.p.yaml")
    assert (own.config(), own.names("galley:vars"), own.digest()) == ({}, frozenset(), "")
    own.merge({"galley:branch": "main"})
    assert own.config() == {"galley:branch": "main"}


@pytest.mark.parametrize("text", ["", "config:\n", "# nothing\n"])
def test_an_empty_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "f.yaml").write_text(text)
    assert ConfigFile(tmp_path / "f.yaml").config() == {}


def test_the_same_again_is_not_written(tmp_path: Path) -> None:
    own = file(tmp_path / "f.yaml", config={"a:b": "c"})
    own.merge({"a:b": "c"})
    before = own.path.stat()
    own.merge({"a:b": "c"})
    assert own.path.stat().st_mtime_ns == before.st_mtime_ns
    assert own.path.stat().st_ino == before.st_ino


def test_a_crash_leaves_the_old_or_the_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("old")

    def crash(*_: object) -> None:
        raise OSError("no power")

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(OSError, match="no power"):
        write_if_other(path, "new")
    assert path.read_text() == "old"


def test_names_in_maps(tmp_path: Path) -> None:
    own = file(
        tmp_path / "f.yaml", config={"galley:secrets": {"A": {"secure": "x"}}, "galley:vars": {"B": "1"}}
    )
    assert own.names("galley:secrets", "galley:vars", "galley:none") == {"A", "B"}


def test_the_digest_changes_with_anything(tmp_path: Path) -> None:
    one = file(tmp_path / "f.yaml", config={"a:b": "c"}).digest()
    assert file(tmp_path / "f.yaml", config={"a:b": "d"}).digest() != one


@pytest.mark.parametrize("project", ["shop", "My Shop", "../..", "日本", "x" * 300])
def test_a_project_s_stack_is_never_a_preview_s(project: str) -> None:
    name = project_stack(project)
    assert not is_preview(name)
    assert len(name) <= 100
    assert "/" not in name
    assert is_preview(preview_name(Identity(project, branch=name)))


def stored(request: Request) -> dict[str, Any]:
    return {key: value for key, value in asked(request, Path("/r/galley.yaml")).items() if value is not None}


def test_what_an_update_writes() -> None:
    request = Request(
        Path(),
        branch="main",
        project="shop",
        engine="unix:///x",
        strict=True,
        profiles=("dev",),
        own_settings={"domain": "preview.example"},
        own_variables={"LEVEL": "debug"},
    )
    assert stored(request) == {
        "galley:manifest": "/r/galley.yaml",
        "galley:branch": "main",
        "galley:project": "shop",
        "galley:domain": "preview.example",
        "galley:dockerHost": "unix:///x",
        "galley:strict": "True",
        "galley:profiles": ["dev"],
        "galley:vars": {"LEVEL": "debug"},
    }


def test_a_pull_request_s() -> None:
    assert stored(Request(Path(), pull_request=7)) == {
        "galley:manifest": "/r/galley.yaml",
        "galley:pr": "7",
    }


def test_what_an_earlier_update_wrote_is_taken_away(tmp_path: Path) -> None:
    own = file(
        tmp_path / "f.yaml", config={"galley:strict": "true", "galley:domain": "x.example", "mine:a": "b"}
    )
    own.merge(asked(Request(Path(), branch="main"), Path("m")))
    assert own.config() == {"galley:manifest": "m", "galley:branch": "main", "mine:a": "b"}


def test_no_secret_is_among_it() -> None:
    request = Request(Path(), branch="main", secrets=frozenset({"TOKEN"}))
    assert "TOKEN" not in repr(asked(request, Path("m")))


def test_own_settings_before_the_project_s(tmp_path: Path) -> None:
    """The command line before the preview's, the preview's before the project's."""
    identity = Identity(tmp_path.name, branch="main")
    config_file(project_stack(identity.project)).merge(
        {
            configuration.PROJECT_VARIABLES: {"LEVEL": "project", "ONLY": "project"},
            configuration.PROJECT_SECRETS: {"TOKEN": {"secure": "x"}},
            configuration.PROJECT_SETTINGS: {"cpus": "1"},
        }
    )
    config_file(preview_name(identity)).merge(
        {
            configuration.VARIABLES: {"LEVEL": "preview", "OWN": "preview"},
            configuration.SECRETS: {"KEY": {"secure": "y"}},
            "galley:domain": "preview.example",
        }
    )
    request = with_settings(Request(tmp_path, branch="main", own_variables={"OWN": "line"}), tmp_path)
    assert request.own_variables == {"LEVEL": "preview", "OWN": "line"}
    assert request.project_variables == {"LEVEL": "project", "ONLY": "project"}
    assert request.own_settings == {"domain": "preview.example"}
    assert request.project_settings == {"cpus": "1"}
    assert request.secrets == {"TOKEN", "KEY"}
