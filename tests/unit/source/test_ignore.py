"""What of a build context counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from galley_iac.source import ignore
from galley_iac.source.contexts import digest
from galley_iac.source.patterns import PatternError

LEFT_OUT = (
    *(".git/HEAD", "lib/.git/HEAD", ".env", "api/.env", ".env.local", ".env.production.local"),
    *(".venv/bin/python", "venv/bin/python", "node_modules/x/index.js", "web/node_modules/x.js"),
    *("app/__pycache__/x.pyc", "old.pyc", ".next/cache/x", ".mypy_cache/x", ".dockerignore", "galley.yaml"),
    *("compose.yaml", ".github/workflows/x.yml"),
)
FOLDERS = ("lib/x.py", "api/x.py", "web/x.js", "app/x.py")
KEPT = ("main.py", ".env.production", "dist/index.html", "env/settings.py", "README.md", "Makefile")


def make(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def files(folder: Path, dockerfile: str | None = None) -> set[str]:
    names = ignore.included(folder, ignore.patterns(folder, dockerfile), dockerfile)
    return {name for name in names if (folder / name).is_file()}


def test_a_generated_build_leaves_out_what_no_image_needs(tmp_path: Path) -> None:
    assert files(make(tmp_path, *LEFT_OUT, *KEPT, *FOLDERS)) == {*KEPT, *FOLDERS}


def test_a_dockerfile_of_the_repository_gets_all(tmp_path: Path) -> None:
    make(tmp_path, *KEPT, ".git/HEAD", "Dockerfile")
    assert files(tmp_path, "Dockerfile") == {*KEPT, ".git/HEAD", "Dockerfile"}


@pytest.mark.parametrize("name", ["environment", ".python", "my-env"])
def test_a_virtual_environment_is_known_by_its_marker(tmp_path: Path, name: str) -> None:
    assert files(make(tmp_path, f"{name}/pyvenv.cfg", f"{name}/bin/python", "main.py")) == {"main.py"}


def test_the_repositorys_own_patterns_come_last(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.txt", ".env")
    (tmp_path / ".dockerignore").write_text("# comment\n*.txt\n\n!b.txt\n!.env\n")
    assert files(tmp_path) == {"b.txt", ".env"}


def test_the_dockerfiles_own_ignore_file_is_preferred(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.txt", "docker/api.Dockerfile")
    (tmp_path / ".dockerignore").write_text("a.txt\n")
    (tmp_path / "docker/api.Dockerfile.dockerignore").write_text("b.txt\n")
    assert "b.txt" not in files(tmp_path, "docker/api.Dockerfile")
    assert "a.txt" in files(tmp_path, "docker/api.Dockerfile")
    assert "b.txt" in files(tmp_path, "Dockerfile")


def test_case_counts(tmp_path: Path) -> None:
    """The builder sends README.md then, so a change of it has to make another image."""
    make(tmp_path, "README.md", "main.py")
    (tmp_path / ".dockerignore").write_text("readme.md\n.dockerignore\n")
    assert files(tmp_path, "main.py") == {"README.md", "main.py"}


def test_what_is_brought_back_from_a_folder_that_is_left_out(tmp_path: Path) -> None:
    make(tmp_path, "a/b/keep.txt", "a/b/drop.txt", "c/keep.txt", "Dockerfile")
    (tmp_path / ".dockerignore").write_text("*\n!**/keep.txt\n")
    assert files(tmp_path, "Dockerfile") == {"a/b/keep.txt", "c/keep.txt", "Dockerfile"}


def test_a_file_that_a_link_leads_out_of_the_context_is_not_read(tmp_path: Path) -> None:
    make(tmp_path / "context", "a.txt")
    (tmp_path / "outside").write_text("a.txt\n")
    (tmp_path / "context" / ".dockerignore").symlink_to("../outside")
    assert files(tmp_path / "context", "a.txt") == {"a.txt", ".dockerignore"}
    assert ignore.patterns(tmp_path / "context", "Dockerfile") == ()


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("\n" * (256 << 10) + "a", ".dockerignore is larger than 256 KiB"),
        ("a\n" * 5001, ".dockerignore has more than 5000 patterns"),
    ],
)
def test_more_than_anybody_writes(tmp_path: Path, content: str, rule: str) -> None:
    (tmp_path / ".dockerignore").write_text(content)
    with pytest.raises(PatternError, match=rule):
        ignore.patterns(tmp_path, "Dockerfile")


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_does_not_change_the_digest(tmp_path: Path, name: str) -> None:
    before = digest(make(tmp_path, "main.py", *FOLDERS), None)
    assert digest(make(tmp_path, name), None) == before


@pytest.mark.parametrize("name", [*KEPT[1:], "main.py.txt"])
def test_anything_else_does(tmp_path: Path, name: str) -> None:
    before = digest(make(tmp_path, "main.py"), None)
    assert digest(make(tmp_path, name), None) != before
