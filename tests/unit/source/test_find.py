"""Which file is the manifest, and in which of the two languages it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from galley_iac.errors import InputError, UsageError
from galley_iac.source.find import COMPOSE_NAMES, GALLEY_NAMES, locate, read

GALLEY = "version: 1\nservices:\n  a: {kind: other, image: 'acme/a:1'}\n"
COMPOSE = "services:\n  a: {image: 'acme/a:1'}\n"
WARNS = "version: 1\nservices:\n  a: {image: 'acme/a:1'}\n"


def write(folder: Path, **files: str) -> Path:
    """Files by name; a dot in a name is written as two underscores, a hyphen as one."""
    for name, text in files.items():
        (folder / name.replace("__", ".").replace("_", "-")).write_text(text)
    return folder


def refused(where: Path) -> str:
    with pytest.raises(UsageError) as raised:
        locate(where)
    assert raised.value.exit_code == 2
    return str(raised.value)


@pytest.mark.parametrize("name", [*GALLEY_NAMES, *COMPOSE_NAMES])
def test_a_folder_with_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(GALLEY)
    assert locate(tmp_path) == (tmp_path / name).resolve()


def test_both_of_galley_s_own(tmp_path: Path) -> None:
    write(tmp_path, galley__yaml=GALLEY, galley__yml=GALLEY)
    assert refused(tmp_path) == (
        f"{tmp_path}: galley.yaml and galley.yml are both there\n    keep one of the two"
    )


def test_galley_s_own_before_compose_s(tmp_path: Path) -> None:
    write(tmp_path, galley__yml=GALLEY, compose__yaml=COMPOSE)
    assert locate(tmp_path).name == "galley.yml"


def test_compose_s_in_compose_s_order(tmp_path: Path) -> None:
    for name in COMPOSE_NAMES:
        (tmp_path / name).write_text(COMPOSE)
    assert locate(tmp_path).name == "compose.yaml"


def test_none(tmp_path: Path) -> None:
    assert refused(tmp_path) == (
        f"{tmp_path}: no manifest (looked for galley.yaml, galley.yml, compose.yaml, compose.yml, "
        "docker-compose.yaml, docker-compose.yml)\n    write a galley.yaml: docs/manifest.md"
    )


def test_a_folder_of_that_name_is_none(tmp_path: Path) -> None:
    (tmp_path / "galley.yaml").mkdir()
    assert "no manifest" in refused(tmp_path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "x.yaml") == (
        f"{tmp_path}/x.yaml: there is no such file\n    name the manifest with -f, or run in its folder"
    )


def test_the_file_that_is_named_wins(tmp_path: Path) -> None:
    write(tmp_path, galley__yaml=GALLEY, galley__yml=GALLEY, other__yaml=GALLEY)
    assert locate(tmp_path / "other.yaml").name == "other.yaml"


def test_what_is_read(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "app").mkdir()
    source = read(write(tmp_path / "app", galley__yaml=GALLEY))
    assert source.manifest.services["a"].name == "a"
    assert source.notices == ()
    assert (source.folder, source.root) == (tmp_path / "app", tmp_path)


def test_strict_makes_warnings_errors(tmp_path: Path) -> None:
    folder = write(tmp_path, galley__yaml=WARNS)
    assert len(read(folder).notices) == 1
    with pytest.raises(InputError, match="no `kind`"):
        read(folder, strict=True)


def kind_of(path: Path, text: str) -> str:
    """Which language a file is read in: only galley's own calls its services' kind other without a word."""
    path.write_text(text)
    manifest = read(path).manifest
    return "compose" if manifest.services["a"].kind != "queue" else "galley"


QUEUE = "{kind: queue, image: 'acme/a:1'}"


@pytest.mark.parametrize(
    "head",
    [
        "version: 1",
        "version:   1  # ours",
        "version: '1'",
        'version: "1"',
        "# a comment\nversion: 1",
        "version: 1\r",
    ],
)
def test_a_file_of_any_name_that_says_version_1_is_galley_s(tmp_path: Path, head: str) -> None:
    assert kind_of(tmp_path / "preview.yaml", f"{head}\nservices:\n  a: {QUEUE}\n") == "galley"


@pytest.mark.parametrize(
    "text",
    [
        COMPOSE,
        f"version: '3.8'\n{COMPOSE}",
        "services:\n  a:\n    image: acme/a:1\n    labels:\n      version: 1\n",
    ],
)
def test_any_other_file_is_compose_s(tmp_path: Path, text: str) -> None:
    assert kind_of(tmp_path / "preview.yaml", text) == "compose"


@pytest.mark.parametrize("name", ["compose.prod.yaml", "docker-compose.dev.yml", "compose.yaml"])
def test_a_file_with_compose_s_name_is_compose_s(tmp_path: Path, name: str) -> None:
    assert kind_of(tmp_path / name, COMPOSE) == "compose"


def test_a_file_is_shown_as_a_person_would_write_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, galley__yaml="version: 2\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as inside:
        read(Path())
    monkeypatch.chdir("/")
    with pytest.raises(InputError) as outside:
        read(tmp_path)
    assert {problem.file for problem in inside.value.problems} == {"galley.yaml"}
    assert {problem.file for problem in outside.value.problems} == {str(tmp_path / "galley.yaml")[1:]}


def test_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "galley.yaml").write_bytes(b"version: 1\nservices: \xff\n")
    with pytest.raises(InputError):
        read(tmp_path)


def compose_with_env_file(folder: Path, name: str) -> str:
    (folder / "compose.yaml").write_text(f"services:\n  a: {{image: 'acme/a:1', env_file: '{name}'}}\n")
    return str(read(folder).manifest.services["a"].env.get("X"))


def test_a_file_that_a_compose_file_names(tmp_path: Path) -> None:
    (tmp_path / "a.env").write_text("X=1\n")
    assert compose_with_env_file(tmp_path, "a.env") == "1"


def test_no_file_outside_the_repository_is_read(tmp_path: Path) -> None:
    """Another's pull request must not read the host's files."""
    (tmp_path / "secret.env").write_text("X=1\n")
    inside = tmp_path / "repository"
    (inside / ".git").mkdir(parents=True)
    (inside / "link.env").symlink_to(tmp_path / "secret.env")
    for name in ("../secret.env", "link.env"):
        assert compose_with_env_file(inside, name) == "None"
    with pytest.raises(InputError, match="is absolute"):
        compose_with_env_file(inside, str(tmp_path / "secret.env"))
