"""Health by exact HTTP status, of an image in which there is nothing to check it with."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.repository import APPS, Repository

MANIFEST = """
    version: 1
    services:
      api:
        kind: api
        build: {path: ./}
        expose: 8000
        health: {path: /healthz, timeout: 5s}
"""


@pytest.fixture(scope="module")
def bare(make_repository: MakeRepository) -> Repository:
    """A repository whose image holds one static program."""
    made = make_repository(APPS / "scratch")
    environment = {**os.environ, "CGO_ENABLED": "0", "GO111MODULE": "off"}
    subprocess.run(
        ["go", "build", "-o", "server", "main.go"], cwd=made.path, env=environment, check=True, timeout=300
    )
    return made.manifest(MANIFEST)


def test_an_image_without_shell_and_curl_is_checked_by_its_exact_status(
    bare: Repository, make_preview: MakePreview
) -> None:
    with make_preview(bare) as preview:
        preview.up()
        assert preview.states() == {"api": "ready"}
        assert preview.ask("api", "/healthz").body == "well\n"
        assert "no such file" in preview.execute("api", "/bin/sh", "-c", "true")[1], "there is no shell in it"
        bare.replace("galley.yaml", "path: /healthz", "path: /elsewhere")
        assert "GET /elsewhere answered 302, expected 200" in preview.fails().err
        assert preview.states() == {"api": "failed"}
        bare.replace("galley.yaml", "path: /elsewhere", "path: /elsewhere, status: 302")
        preview.up()
