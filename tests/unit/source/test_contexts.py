"""What a build context's digest covers, and what is said of contexts that are none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from galley_iac.errors import InputError
from galley_iac.source import contexts
from galley_iac.source.contexts import contexts_of, digest
from galley_iac.source.find import Source, read


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """A small application."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /app\n")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text("print(1)\n")
    (tmp_path / "run").write_text("#!/bin/sh\n")
    return tmp_path


def of(folder: Path, dockerfile: str = "Dockerfile") -> str:
    return digest(folder, dockerfile)


def test_the_same_content_is_the_same_digest(context: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    copy = tmp_path_factory.mktemp("elsewhere")
    for name in ("run", "Dockerfile"):
        (copy / name).write_bytes((context / name).read_bytes())
    (copy / "app").mkdir()
    (copy / "app" / "main.py").write_text("print(1)\n")
    assert of(copy) == of(context)


def test_content(context: Path) -> None:
    before = of(context)
    (context / "app" / "main.py").write_text("print(2)\n")
    assert of(context) != before


def test_a_touched_file_is_no_change(context: Path) -> None:
    before = of(context)
    for path in context.rglob("*"):
        os.utime(path, (0, 0))
    assert of(context) == before


def test_a_name(context: Path) -> None:
    before = of(context)
    (context / "app" / "main.py").rename(context / "app" / "other.py")
    assert of(context) != before


def test_the_execute_bit(context: Path) -> None:
    before = of(context)
    (context / "run").chmod(0o755)
    assert of(context) != before


def test_other_bits_are_the_umask_s(context: Path) -> None:
    """Two machines with another umask check out the same commit."""
    (context / "run").chmod(0o644)
    before = of(context)
    (context / "run").chmod(0o600)
    assert of(context) == before


def test_a_new_empty_folder(context: Path) -> None:
    before = of(context)
    (context / "empty").mkdir()
    assert of(context) != before


def test_a_link_counts_by_what_it_says(context: Path) -> None:
    (context / "link").symlink_to("run")
    before = of(context)
    (context / "link").unlink()
    (context / "link").symlink_to("app/main.py")
    assert of(context) != before


def test_a_link_is_not_the_file_it_leads_to(context: Path) -> None:
    (context / "link").symlink_to("run")
    before = of(context)
    (context / "link").unlink()
    (context / "link").write_bytes((context / "run").read_bytes())
    assert of(context) != before


def test_what_a_link_leads_to_does_not_count(context: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """It may lie outside, or not be there at all."""
    outside = tmp_path_factory.mktemp("elsewhere") / "file"
    (context / "link").symlink_to(outside)
    before = of(context)
    outside.write_text("x")
    assert of(context) == before


def test_a_folder_that_is_linked_to_is_not_entered(
    context: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (context / "linked").symlink_to(elsewhere)
    before = of(context)
    (elsewhere / "new").write_text("x")
    assert of(context) == before


def test_what_dockerignore_leaves_out(context: Path) -> None:
    (context / ".dockerignore").write_text("*.log\napp/cache\n")
    before = of(context)
    (context / "debug.log").write_text("x")
    (context / "app" / "cache").mkdir()
    (context / "app" / "cache" / "x").write_text("x")
    assert of(context) == before
    (context / "app" / "x.py").write_text("x")
    assert of(context) != before


def test_dockerignore_itself_counts(context: Path) -> None:
    """COPY . copies it."""
    (context / ".dockerignore").write_text("*.log\n")
    before = of(context)
    (context / ".dockerignore").write_text("*.log\n# more\n")
    assert of(context) != before


def test_the_dockerfile_counts_even_when_it_is_left_out(context: Path) -> None:
    (context / ".dockerignore").write_text("*\n")
    before = of(context)
    (context / "Dockerfile").write_text("FROM scratch\n")
    assert of(context) != before


def test_a_name_that_is_no_text(context: Path) -> None:
    before = of(context)
    (Path(os.fsdecode(os.fsencode(context) + b"/\xff"))).write_text("x")
    assert of(context) != before


def source(folder: Path, services: str) -> Source:
    (folder / ".git").mkdir(exist_ok=True)
    (folder / "galley.yaml").write_text(f"version: 1\nservices:\n{services}")
    return read(folder)


def problems(folder: Path, services: str) -> list[tuple[int, str, str]]:
    with pytest.raises(InputError) as raised:
        contexts_of(source(folder, services))
    return [(one.line, one.path, one.rule) for one in raised.value.problems]


def test_contexts_of_a_manifest(context: Path) -> None:
    (context / "sub").mkdir()
    (context / "sub" / "Dockerfile").write_text("FROM scratch\n")
    found = contexts_of(
        source(
            context,
            "  a: {kind: worker, build: {path: ./}}\n"
            "  b: {kind: worker, build: {path: ./sub}}\n"
            "  c: {kind: other, image: 'acme/c:1'}\n",
        )
    )
    assert {name: one.path for name, one in found.items()} == {"a": ".", "b": "sub"}
    assert found["b"].digest == digest(context / "sub", "Dockerfile")


def test_paths_are_relative_to_the_repository_not_to_the_manifest(context: Path) -> None:
    folder = context / "deploy"
    folder.mkdir()
    (context / ".git").mkdir()
    (folder / "galley.yaml").write_text("version: 1\nservices:\n  a: {kind: worker, build: {path: ../}}\n")
    assert contexts_of(read(folder))["a"].path == "."


def test_a_context_is_read_once_for_all_services(context: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    real = contexts.digest
    monkeypatch.setattr(
        contexts, "digest", lambda folder, name: (asked.append(folder), real(folder, name))[1]
    )
    made = contexts_of(
        source(
            context,
            "  a: {kind: worker, build: {path: ./}}\n  b: {kind: worker, build: {path: ., start: run b}}\n",
        )
    )
    assert made["a"].digest == made["b"].digest
    assert len(asked) == 1


def test_everything_that_is_missing_at_once_each_with_its_line(context: Path) -> None:
    (context / "file").write_text("x")
    (context / "out").symlink_to("/etc")
    assert problems(
        context,
        "  a: {kind: worker, build: {path: ./nowhere}}\n"
        "  b: {kind: worker, build: {path: ./file}}\n"
        "  c: {kind: worker, build: {path: ../}}\n"
        "  d: {kind: worker, build: {path: ./, dockerfile: Dockerfile.dev}}\n"
        "  e: {kind: worker, build: {path: ./, dockerfile: out/hostname}}\n"
        "  f: {kind: worker, build: {path: ./out}}\n"
        "  g: {kind: worker, build: {path: ./}}\n",
    ) == [
        (3, "services.a.build.path", "the build context `nowhere` is not a folder"),
        (4, "services.b.build.path", "the build context `file` is not a folder"),
        (5, "services.c.build.path", "`..` leads outside the repository"),
        (6, "services.d.build.dockerfile", "there is no Dockerfile.dev in `.`"),
        (7, "services.e.build.dockerfile", "the Dockerfile `out/hostname` leads outside the repository"),
        (8, "services.f.build.path", "`out` leads outside the repository"),
    ]


def test_a_file_that_cannot_be_read_is_named(context: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(contexts, "_content", refuse)
    (only,) = problems(context, "  a: {kind: worker, build: {path: ./}}\n")
    assert only[:2] == (3, "services.a.build.path")
    assert only[2].startswith(f"{context}/")
    assert only[2].endswith(" cannot be read: Permission denied")


def test_a_pattern_that_is_none_is_told_with_the_build(context: Path) -> None:
    (context / ".dockerignore").write_text("*.md\n[z-a]\n")
    assert problems(context, "  a: {kind: worker, build: {path: ./}}\n") == [
        (
            3,
            "services.a.build.path",
            ".dockerignore of this build cannot be used: `[z-a]` has a range that ends before it begins",
        )
    ]
