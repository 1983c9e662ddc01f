"""Go modules and static sites."""

from __future__ import annotations

import pytest

from galley_iac.buildpack import Ask, detect
from tests.unit.buildpack.shapes import MAIN
from tests.unit.buildpack.tree import Tree


def built(files: dict[str, str], mod: str = "module shop\n") -> str:
    return detect(Tree({"go.mod": mod, **files}), Ask()).dockerfile


@pytest.mark.parametrize(
    ("mod", "version"),
    [
        ("module shop\n", "1.24"),
        ("module shop\n\ngo 1.19\n", "1.24"),
        ("module shop\n\ngo 1.25.3\n", "1.25"),
        ("module shop\n\ngo 1.22\n\ntoolchain go1.26.0\n", "1.26"),
    ],
)
def test_version(mod: str, version: str) -> None:
    assert f"FROM golang:{version}-alpine AS build" in built({"main.go": MAIN}, mod)


@pytest.mark.parametrize(
    ("files", "packages"),
    [
        ({"main.go": MAIN, "cmd/other/main.go": MAIN}, "-o /out/app ."),
        ({"server.go": "// Serves.\npackage main\n"}, "-o /out/app ."),
        ({"cmd/main.go": MAIN}, "-o /out/ ./cmd"),
        ({"cmd/api/main.go": MAIN, "gen.go": "//go:build ignore\n\npackage main\n"}, "-o /out/ ./cmd/api"),
        (
            {"cmd/b/main.go": MAIN, "cmd/a/x.go": MAIN, "cmd/lib/x.go": "package lib\n"},
            "-o /out/ ./cmd/a ./cmd/b",
        ),
    ],
)
def test_programs(files: dict[str, str], packages: str) -> None:
    assert f"RUN go build -trimpath -tags timetzdata {packages}\n" in built(files)


@pytest.mark.parametrize(
    ("files", "mod"),
    [
        ({"go.work": ""}, "module shop\n"),
        ({"lib/go.mod": ""}, "module shop\n\nreplace example.com/lib => ./lib\n"),
        ({"lib/go.mod": ""}, "module shop\n\nreplace example.com/lib v1.0.0 => ./lib/../lib\n"),
    ],
)
def test_modules_in_the_source_need_it(files: dict[str, str], mod: str) -> None:
    text = built({"main.go": MAIN, **files}, mod)
    assert text.index("COPY . .") < text.index("go mod download")


def test_a_replacement_from_elsewhere_does_not() -> None:
    text = built({"main.go": MAIN}, "module shop\n\nreplace a => example.com/b v1.0.0\n")
    assert text.index("go mod download") < text.index("COPY . .")


@pytest.mark.parametrize(
    ("files", "copied"),
    [
        ({"index.html": "", "public/index.html": "", "dist/index.html": ""}, "COPY . /srv/"),
        ({"public/index.html": ""}, "COPY public/ /srv/"),
        ({"_site/index.html": ""}, "COPY _site/ /srv/"),
    ],
)
def test_the_folder_of_a_site(files: dict[str, str], copied: str) -> None:
    assert copied in detect(Tree(files), Ask()).dockerfile


def test_the_sites_own_page_for_what_is_missing() -> None:
    assert "/404.html" in detect(Tree({"out/index.html": "", "out/404.html": ""}), Ask()).dockerfile
    assert "/404.html" not in detect(Tree({"out/index.html": "", "404.html": ""}), Ask()).dockerfile


def test_a_site_beside_an_application_is_the_applications() -> None:
    assert "golang" in built({"main.go": MAIN, "index.html": ""})
