"""Golden shapes, brought up for real: manifests of tests/golden/manifest/shapes, with sources of their own.

A test is called after its shape, and asks for what only the whole of it can answer: through its routes, or
for what its worker has done. docs/shapes.md lists these and the shapes that stay golden cases.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.preview import Preview
from tests.integration.harness.repository import CHECKOUT, EXAMPLES, Repository
from tests.integration.harness.web import ask, ask_url, eventually

SHAPES = CHECKOUT / "tests" / "golden" / "manifest" / "shapes"
SOURCES = Path(__file__).parent / "shapes"
FIRST_BUILD = 900
"""Seconds for a build that downloads everything; afterwards the layers are there."""

SLOWLY = 90
"""Seconds for what a worker does on a machine that others use as well."""


class Shapes:
    """Brings shapes up, each in a repository and a preview of its own."""

    def __init__(self, make_repository: MakeRepository, make_preview: MakePreview) -> None:
        self._make_repository, self._make_preview = make_repository, make_preview

    @contextmanager
    def preview(self, shape: str, base: Path | None = None, **secrets: str) -> Iterator[Preview]:
        """A preview that runs, of the shape's source above an example's, if one is named."""
        with self._make_preview(self.repository(shape, base)) as preview:
            at = preview.repository.path
            for name, value in secrets.items():
                done = preview.galley("secret", "set", name, "--from-env", "VALUE", at=at, VALUE=value)
                assert done.code == 0, done.text
            up = preview.galley("up", "--branch", preview.branch, at=at, timeout=FIRST_BUILD)
            assert up.code == 0, up.text
            yield preview

    def repository(self, shape: str, base: Path | None = None) -> Repository:
        """The sources and the golden manifest, with the files that it names."""
        made = self._make_repository(base or SOURCES / shape, shape[:12])
        for manifest in made.path.glob("galley*.yaml"):
            manifest.unlink()
        expectations = shutil.ignore_patterns("expected.yaml", "notices.txt")
        for folder in (SOURCES / shape, SHAPES / shape):
            if folder.is_dir():
                shutil.copytree(folder, made.path, ignore=expectations, dirs_exist_ok=True)
        return made

    def unset(self, shape: str, base: Path) -> Preview:
        """The same without its secrets, not brought up."""
        return self._make_preview(self.repository(shape, base))


@pytest.fixture(scope="module")
def shapes(make_repository: MakeRepository, make_preview: MakePreview) -> Shapes:
    return Shapes(make_repository, make_preview)


def test_single_web(shapes: Shapes) -> None:
    """Built with Yarn. The only web answers on the preview's bare host and on its own name."""
    with shapes.preview("single-web") as preview:
        assert "yarn install" in preview.build_log("site")
        port = urlsplit(preview.url("site")).port or 0
        for host in (f"{preview.name}.localhost", f"site.{preview.name}.localhost"):
            assert ask(host, port).body == f"<h1>A site</h1><p>asked as {host}</p>"
        assert ask(f"other.{preview.name}.localhost", port).status == 404


def test_nextjs(shapes: Shapes) -> None:
    """Next.js without a Dockerfile: built with npm, a page rendered for each request, and its script."""
    with shapes.preview("nextjs") as preview:
        assert not (preview.repository.path / "Dockerfile").exists()
        page = preview.ask("web").body
        host = urlsplit(preview.url("web")).netloc
        assert f"<h1>Asked as {host}</h1><p>Greeting: hello, built for main</p>" in page
        assert "<button>Clicked 0 times</button>" in page
        scripts = re.findall(r'src="(/_next/static/chunks/app/page-[^"]+[.]js)"', page)
        assert scripts
        assert "Clicked " in preview.ask("web", scripts[0]).body
        assert preview.execute("web", "id", "-un") == (0, "node\n")


def test_go_api_only(shapes: Shapes) -> None:
    """A program below cmd/, a build command, a health path with a query, and limits."""
    with shapes.preview("go-api-only") as preview:
        found = preview.ask("api").json
        assert (found["release"], found["debug"], found["processors"]) == ("main-none", "false", 1)
        assert preview.ask("api", "/healthz").status == 503
        assert preview.states() == {"api": "ready"}
        assert preview.inspect("api")["HostConfig"]["Memory"] == 64 << 20


def test_nginx_static(shapes: Shapes) -> None:
    """Debian's nginx, by the shape's own Dockerfile."""
    with shapes.preview("nginx-static") as preview:
        assert preview.ask("site").body == (SOURCES / "nginx-static/public/index.html").read_text()
        missing = preview.ask("site", "/missing")
        assert missing.status == 404
        assert "<center>nginx" in missing.body


def test_flask_without_dockerfile(shapes: Shapes) -> None:
    """Refused with the manifest's own message until its secret is set; then it signs with it."""
    shape, key = "flask-without-dockerfile", "a-key-of-this-test-alone"
    with shapes.unset(shape, EXAMPLES / "flask") as preview:
        told = preview.run("up")
        assert told.code == 2
        assert "galley.yaml:7:" in told.err
        assert "set it with galley secret set SECRET_KEY" in told.err
    with shapes.preview(shape, EXAMPLES / "flask", SECRET_KEY=key) as preview:
        assert not (preview.repository.path / "Dockerfile").exists()
        assert preview.ask("app").json == {"debug": False, "user": 10001}
        signed = hmac.digest(key.encode(), b"words", hashlib.sha256).hex()
        assert preview.ask("app", "/sign/words").body == signed


def test_fastapi_migrations(shapes: Shapes) -> None:
    """The api starts only in a database that the job has migrated."""
    with shapes.preview("fastapi-migrations", EXAMPLES / "python") as preview:
        assert preview.states() == {"api": "ready", "db": "ready", "migrate": "done"}
        told = {"revision": "0001", "tasks": 0, "origins": preview.url("api")}
        assert preview.ask("api").json == told


def test_compose_seed(shapes: Shapes) -> None:
    """FastAPI, Celery, Postgres and Redis from a compose file; migrations on the api's start."""
    with shapes.preview("compose-seed", EXAMPLES / "python") as preview:
        url = preview.url("api")
        sent = ask_url(url, "/tasks", method="POST", body={"text": "to be or not to be"})
        task = f"/tasks/{sent.json['id']}"
        eventually(lambda: ask_url(url, task).json["state"] == "done", "the worker stores a result", SLOWLY)
        assert ask_url(url, task).json["result"]["words"] == 6


def test_compose_django_celery(shapes: Shapes) -> None:
    """Gunicorn, a Celery worker and its beat share one image; an env file of several lines reaches them."""
    with shapes.preview("compose-django-celery", DB_PASSWORD="of-this-test") as preview:

        def stored(name: str) -> Any:
            return preview.ask("web", f"/stored/{name}").json

        assert preview.ask("web", "/greeting").body == "Hello,\nworld"
        assert preview.ask("web", "/add/40/2").status == 202
        assert eventually(lambda: stored("sum"), "the worker stores the sum", SLOWLY) == [42]
        eventually(lambda: len(stored("tick")) > 1, "beat has had the worker store two ticks", SLOWLY)
        services = preview.status()["services"]
        assert len({services[name]["image"] for name in ("web", "worker", "beat")}) == 1


def test_compose_monorepo(shapes: Shapes) -> None:
    """`include`, `extends` of this and of another file, two targets of one Dockerfile, and an env file."""
    with shapes.preview("compose-monorepo") as preview:
        assert preview.ask("jobs").json == {"level": "debug", "zone": "UTC", "jobs": True}
        eventually(lambda: preview.ask("web").status == 200, "the api behind the web answers", SLOWLY)
        told = {"level": "info", "api": {"postgres": 16, "path": "/x"}}
        assert preview.ask("web", "/x").json == told
        assert "url" not in preview.status()["services"]["api"]


def test_polyglot(shapes: Shapes) -> None:
    """Node asks Go, Go queues for Python, Python draws, and an S3 server keeps what it drew."""
    with shapes.preview("polyglot", EXAMPLES / "polyglot") as preview:
        sent = preview.ask("api", "/jobs", method="POST", body={"text": "Hello, world"}).json
        job = f"/jobs/{sent['id']}"
        eventually(lambda: preview.ask("api", job).json["state"] == "done", "the worker draws", SLOWLY)
        assert preview.ask("api", job).json["letters"] == 10
        assert preview.ask("api", f"{job}/chart.svg").body.count("<rect") == 7
        page = preview.ask("web").body
        assert "Hello, world" in page
        assert preview.url("api") in page
