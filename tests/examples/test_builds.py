"""What makes the examples' builds repeatable, quick after a push, and safe."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.examples.folders import files, named

DOCKERFILES = files("Dockerfile")
FROM_SOURCE = [path for path in DOCKERFILES if "\nCOPY . .\n" in path.read_text(encoding="utf-8")]
REQUIREMENTS = files("requirements.txt")
INSTALLS = re.compile(r"^RUN (pip install|npm ci|go mod download)", re.MULTILINE)
REQUIREMENT = re.compile(
    r"""^([a-z0-9-]+)(\[[a-z,]+\])?==\S+(\ ;\ .+)?\ \\\n      # name[extra]==version ; marker
        (\ {4}--hash=sha256:[0-9a-f]{64}(\ \\)?\n)+""",
    re.MULTILINE | re.VERBOSE,
)


@pytest.mark.parametrize("path", FROM_SOURCE, ids=named)
def test_dependencies_are_installed_before_the_source_is_copied(path: Path) -> None:
    dockerfile = path.read_text(encoding="utf-8")
    installs = INSTALLS.search(dockerfile)
    assert installs is not None
    assert installs.start() < dockerfile.index("\nCOPY . .\n")


def test_every_application_that_is_built_from_source_is_looked_at() -> None:
    assert [named(path) for path in FROM_SOURCE] == [
        "polyglot/api/Dockerfile",
        "polyglot/web/Dockerfile",
        "polyglot/worker/Dockerfile",
        "python/Dockerfile",
    ]


@pytest.mark.parametrize("path", DOCKERFILES, ids=named)
def test_the_image_does_not_run_as_root(path: Path) -> None:
    last_stage = path.read_text(encoding="utf-8").rpartition("\nFROM ")[2]
    (user,) = re.findall(r"^USER (\S+)$", last_stage, re.MULTILINE)
    assert user.partition(":")[0] not in ("root", "0")


@pytest.mark.parametrize("path", [*DOCKERFILES, *files("app.py")], ids=named)
def test_the_context_leaves_out_what_no_image_needs(path: Path) -> None:
    ignored = (path.parent / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored or ".dockerignore" in ignored


@pytest.mark.parametrize("path", REQUIREMENTS, ids=named)
def test_python_requirements_are_pinned_with_their_hashes(path: Path) -> None:
    text = re.sub(r"^ *#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert REQUIREMENT.sub("", text) == ""
    assert "://" not in text


@pytest.mark.parametrize("path", REQUIREMENTS, ids=named)
def test_what_is_asked_for_is_pinned(path: Path) -> None:
    asked = re.findall(r"^([a-z]+)", path.with_suffix(".in").read_text(encoding="utf-8"), re.MULTILINE)
    pinned = {match[0] for match in REQUIREMENT.findall(path.read_text(encoding="utf-8"))}
    assert asked
    assert set(asked) <= pinned


@pytest.mark.parametrize("path", files("package-lock.json"), ids=named)
def test_node_packages_are_locked_by_content_and_not_by_address(path: Path) -> None:
    packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
    locked = {name: entry for name, entry in packages.items() if name}
    assert "node_modules/express" in locked
    assert [name for name, entry in locked.items() if "integrity" not in entry or "resolved" in entry] == []


@pytest.mark.parametrize("path", files("go.mod"), ids=named)
def test_go_modules_are_checked_by_sum(path: Path) -> None:
    required = re.findall(r"^\t(\S+ v\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    sums = path.with_name("go.sum").read_text(encoding="utf-8")
    assert required
    assert [module for module in required if f"{module}/go.mod h1:" not in sums] == []


@pytest.mark.parametrize("path", files("go.mod"), ids=named)
def test_the_go_of_the_base_image_is_new_enough(path: Path) -> None:
    assert version(r"^go (\d+)\.(\d+)", path) <= version(
        r"^FROM golang:(\d+)\.(\d+)", path.with_name("Dockerfile")
    )


def version(pattern: str, path: Path) -> tuple[int, int]:
    """The major and minor number that the pattern's groups find in a file."""
    found = re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None, f"{pattern} in {path}"
    return int(found[1]), int(found[2])
