"""One service's data thrown away on purpose: what filled it runs again, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.preview import Preview

MANIFEST = """
    version: 1
    services:
      db:
        kind: database
        image: redis:7-alpine
        expose: 6379
      other:
        kind: cache
        image: redis:7-alpine
        expose: 6379
      fill:
        kind: worker
        restart: never
        image: redis:7-alpine
        start: redis-cli -h db incr filled
        depends_on: [db]
      worker:
        kind: worker
        image: redis:7-alpine
        depends_on: [fill]
"""


@pytest.fixture(scope="module")
def preview(make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:
    with make_preview(make_repository().manifest(MANIFEST)) as made:
        made.up()
        yield made


def say(preview: Preview, service: str, *words: str) -> str:
    code, output = preview.execute(service, "redis-cli", *words)
    assert code == 0, output
    return output.strip()


def test_a_database_begins_empty_and_is_filled_again(preview: Preview) -> None:
    for service in ("db", "other"):
        say(preview, service, "SET", "word", "hello")
        say(preview, service, "SAVE")
    before = preview.ids()
    done = preview.run("reset", "db", "--json")
    assert done.code == 0, done.text
    assert done.json["anew"] == ["db", "fill"]
    assert say(preview, "db", "GET", "word") == ""
    assert say(preview, "db", "GET", "filled") == "1", "the job has run again, once"
    assert say(preview, "other", "GET", "word") == "hello"
    after = preview.ids()
    assert {name for name in before if before[name] != after[name]} == {"db", "db.ready", "fill"}
    assert preview.states() == {"db": "ready", "other": "ready", "fill": "done", "worker": "running"}
    assert "nothing to change" in preview.up().err


def test_a_service_without_data_is_refused(preview: Preview) -> None:
    before = preview.ids()
    for service in ("worker", "nobody"):
        done = preview.run("reset", service)
        assert done.code == 2
        assert "those that do: db, other" in done.err
    assert preview.ids() == before
