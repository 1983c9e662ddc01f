"""A state file that a power loss has cut short: the next command goes on, and nothing of the data is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.preview import Preview

MANIFEST = """
    version: 1
    services:
      api: {kind: api, build: ./, expose: 8000, depends_on: [cache], env: {DEPLOY: "1"}}
      cache: {kind: cache, image: "redis:7-alpine", expose: 6379}
"""


@pytest.fixture
def preview(make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:
    with make_preview(make_repository().manifest(MANIFEST)) as made:
        made.up()
        yield made


def cut_short(preview: Preview) -> Path:
    file = preview.galley.home / "state" / ".pulumi" / "stacks" / "galley" / f"{preview.name}.json"
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    return file


def test_up_goes_on(preview: Preview) -> None:
    assert preview.execute("cache", "redis-cli", "set", "word", "hello")[0] == 0
    cut_short(preview)
    preview.repository.replace("galley.yaml", 'DEPLOY: "1"', 'DEPLOY: "2"')
    done = preview.up()
    assert "is cut short" in done.err
    assert preview.execute("cache", "redis-cli", "get", "word") == (0, "hello\n")
    assert preview.ask("api").status == 200
    assert "nothing to change" in preview.up().err


def test_down_leaves_nothing(preview: Preview) -> None:
    file = cut_short(preview)
    listed = preview.galley("ls", at=preview.repository.path)
    assert listed.code == 0, listed.text
    assert preview.name in listed.out
    cut_short(preview)
    assert preview.left()
    done = preview.run("down")
    assert done.code == 0, done.text
    assert preview.left() == []
    assert not file.exists()
