"""Data: kept for as long as the preview lives, or thrown away on every deploy that changes anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.preview import Preview

MANIFEST = """
    version: 1
    services:
      worker:
        kind: worker
        build: {path: ./}
        env: {DEPLOY: "1"}
      scratch:
        kind: cache
        image: redis:7-alpine
        expose: 6379
        ephemeral: true
      kept:
        kind: cache
        image: redis:7-alpine
        expose: 6379
"""
NOTHING, STORED = "$-1\r\n", "$5\r\nhello\r\n"


@pytest.fixture
def preview(make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:
    with make_preview(make_repository().manifest(MANIFEST)) as made:
        made.up()
        yield made


SAY = (
    "import socket, sys; s = socket.create_connection((sys.argv[1], 6379), 5);"
    "s.sendall(sys.argv[2].encode() + b'\\r\\n'); s.settimeout(20); sys.stdout.write(s.recv(999).decode())"
)


def say(preview: Preview, service: str, command: str) -> str:
    """A command to one of the two Redis servers, from the worker's container."""
    code, output = preview.execute("worker", "python3", "-c", SAY, service, command)
    assert code == 0, output
    return output


def test_ephemeral_data_goes_with_a_deploy_and_other_data_stays(preview: Preview) -> None:
    for service in ("scratch", "kept"):
        assert say(preview, service, "SET word hello") == "+OK\r\n"
        assert say(preview, service, "SAVE") == "+OK\r\n"
    assert "nothing to change" in preview.up().err
    assert [say(preview, service, "GET word") for service in ("scratch", "kept")] == [STORED, STORED]
    kept = preview.ids()["kept"]
    preview.repository.replace("galley.yaml", 'DEPLOY: "1"', 'DEPLOY: "2"')
    preview.up()
    assert [say(preview, service, "GET word") for service in ("scratch", "kept")] == [NOTHING, STORED]
    assert preview.ids()["kept"] == kept


def test_data_outlives_its_container(preview: Preview) -> None:
    """The volume is the preview's, so a changed service finds what the one before it has stored."""
    say(preview, "kept", "SET word hello")
    say(preview, "kept", "SAVE")
    before = preview.ids()["kept"]
    preview.repository.replace("galley.yaml", "  kept:", "  kept:\n    resources: {cpus: '0.3'}")
    preview.up()
    assert preview.ids()["kept"] != before
    assert say(preview, "kept", "GET word") == STORED
    assert len([line for line in preview.left() if line.startswith("volume ")]) == 2
