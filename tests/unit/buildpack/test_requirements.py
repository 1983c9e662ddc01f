"""Requirements files, as far as they decide how to install."""

from __future__ import annotations

import pytest

from galley_iac.buildpack.python import requirements
from tests.unit.buildpack.tree import Tree


def read(text: str, **others: str) -> requirements.Requirements:
    more = {name.replace("__", "/") + ".txt": other for name, other in others.items()}
    files = {"requirements.txt": text, **more}
    return requirements.read(Tree(files), "requirements.txt")


def test_names_are_normalised() -> None:
    found = read(
        "Flask==3.1.0 \\\n    --hash=sha256:abc\n# a comment\nruamel.yaml>=0.18 ; os_name > 'a'\nmy_lib\n"
    )
    assert found.names == {"flask", "ruamel-yaml", "my-lib"}


def test_extras_bring_a_server() -> None:
    assert "uvicorn" in read("fastapi[standard]\n").names
    assert "uvicorn" in read("FastAPI[ all , x ]\n").names
    assert "uvicorn" not in read("fastapi\n").names


def test_files_are_followed_from_where_they_are_named() -> None:
    found = read(
        "-r sub/a.txt\n--constraint=c.txt\n", sub__a="--requirement b.txt\nflask\n", sub__b="-r a.txt\n", c=""
    )
    assert found.files == ("requirements.txt", "sub/a.txt", "sub/b.txt", "c.txt")
    assert found.names == {"flask"}
    assert not found.local


@pytest.mark.parametrize(
    "line",
    [
        "-e .",
        "--editable=./lib",
        ".",
        ".[dev]",
        "./lib",
        "../lib",
        "lib @ file:../lib",
        "/srv/lib",
        "-r missing.txt",
    ],
)
def test_what_lies_in_the_context_needs_the_source(line: str) -> None:
    assert read(f"{line}\n").local


@pytest.mark.parametrize(
    "line", ["flask", "lib @ https://example.com/lib.whl", "--index-url https://example.com"]
)
def test_what_is_fetched_does_not(line: str) -> None:
    assert not read(f"{line}\n").local


def test_git_is_noticed() -> None:
    assert read("lib @ git+https://example.com/lib.git\n").git
    assert requirements.of(["-e git+ssh://git@example.com/x"]).git
