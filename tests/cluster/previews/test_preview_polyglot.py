"""Node, Go, Python and an S3 server on a cluster: up by plain ``pulumi``, taken over by the command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cluster.previews.conftest import MakeClusterPreview
from tests.cluster.previews.preview import ClusterPreview, settings
from tests.integration.conftest import MakeRepository
from tests.integration.harness import plain
from tests.integration.harness.plain import Plain
from tests.integration.harness.repository import EXAMPLES
from tests.integration.harness.web import Answer, eventually

FIRST_BUILD = 900
"""Seconds for builds that download everything; afterwards the layers are there."""

SLOWLY = 120
"""Seconds for what a worker does on a machine that others use as well."""

SERVICES = ("api", "cache", "objstore", "postgres", "web", "worker")


@pytest.fixture(scope="module")
def preview(
    make_repository: MakeRepository, make_cluster_preview: MakeClusterPreview
) -> Iterator[ClusterPreview]:
    """examples/polyglot as the preview of ``main``: whoever brings it up, the command takes it down."""
    with make_cluster_preview(make_repository(EXAMPLES / "polyglot", "kpoly")) as made:
        yield made


@pytest.fixture(scope="module")
def pulumi(preview: ClusterPreview, tmp_path_factory: pytest.TempPathFactory) -> Plain:
    """The same preview's stack under the name that the command gives it, configured by hand and up."""
    made = Plain(preview.galley, plain.checkout(tmp_path_factory.mktemp("plain")), preview.name)
    made("stack", "init", made.stack)
    configured = {
        "manifest": str(preview.repository.path),
        "branch": preview.branch,
        "target": "kubernetes",
        **settings(preview.cluster.access),
    }
    for name, value in configured.items():
        made("config", "set", name, value)
    made("up", "--yes", "--skip-preview", timeout=FIRST_BUILD)
    return made


class Outside:
    """Requests through the ingress controller to where the stack's outputs say that a service answers."""

    def __init__(self, preview: ClusterPreview, pulumi: Plain) -> None:
        self.preview, self.urls = preview, pulumi.outputs["urls"]

    def ask(self, service: str, path: str = "/", *, method: str = "GET", body: object = None) -> Answer:
        """A request by the host name of the service's URL."""
        host = str(urlsplit(self.urls[service]).hostname)
        return self.preview.ask_host(host, path, method=method, body=body)

    def drawn(self, text: str) -> Any:
        """A task posted through the ingress, once the worker has finished it."""
        sent = self.ask("api", "/jobs", method="POST", body={"text": text}).json

        def finished() -> Any:
            document = self.ask("api", f"/jobs/{sent['id']}").json
            return document if document["state"] == "done" else None

        return eventually(finished, "the worker draws", SLOWLY)


def test_a_task_passes_through_the_ingress_and_four_languages(preview: ClusterPreview, pulumi: Plain) -> None:
    """Go queues for Python, Python draws, an S3 server keeps it, and Node shows it."""
    outside = Outside(preview, pulumi)
    assert outside.urls["api"].startswith(f"http://api.{preview.name}.localhost:")
    for service in ("api", "web"):
        eventually(lambda name=service: outside.ask(name, "/healthz").status == 200, "it is routed", SLOWLY)
    job = outside.drawn("Hello, world")
    assert job["letters"] == 10
    assert outside.ask("api", f"/jobs/{job['id']}/chart.svg").body.count("<rect") == 7
    page = outside.ask("web").body
    assert "Hello, world" in page
    assert outside.urls["api"] in page


def test_pulumi_itself_sees_nothing_to_do(pulumi: Plain) -> None:
    pulumi("preview", "--expect-no-changes")


def test_the_command_takes_it_over_as_it_is(preview: ClusterPreview, pulumi: Plain) -> None:
    """What ``pulumi up`` has declared is what ``galley up`` declares: no pod is another one."""
    before = preview.ids()
    assert set(before) == set(SERVICES)
    done = preview.run("up")
    assert done.code == 0, done.text
    assert f"{preview.name}: nothing to change" in done.err
    assert preview.ids() == before
    assert preview.status()["state"] == "running"
    assert pulumi.stack == preview.name


def test_down_by_the_command_leaves_an_empty_cluster(preview: ClusterPreview, pulumi: Plain) -> None:
    assert preview.left()
    done = preview.run("down")
    assert done.code == 0, done.text
    assert preview.left() == []
    assert preview.name not in pulumi("stack", "ls").out
