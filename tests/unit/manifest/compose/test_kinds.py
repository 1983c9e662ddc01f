from __future__ import annotations

import pytest

from galley_iac.manifest.models import Kind, Restart
from tests.unit.manifest.compose.support import VALID, read, service


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("web", Kind.WEB),
        ("frontend", Kind.WEB),
        ("app", Kind.WEB),
        ("api", Kind.API),
        ("shop-api", Kind.API),
        ("api-gateway", Kind.API),
        ("backend", Kind.API),
        ("api2", Kind.API),
        ("capital", Kind.WEB),
        ("apiary", Kind.WEB),
    ],
)
def test_a_published_port_makes_a_web_or_by_its_name_an_api(name: str, kind: Kind) -> None:
    assert read(VALID.replace("  web:", f"  {name}:")).manifest.services[name].kind is kind


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        ("postgres:16", Kind.DATABASE),
        ("redis:7", Kind.CACHE),
        ("rabbitmq:3", Kind.QUEUE),
        ("minio/minio", Kind.OTHER),
        ("team/unknown", Kind.OTHER),
    ],
)
def test_by_the_image(image: str, kind: Kind) -> None:
    assert service("db", "postgres:16", image).kind is kind


def test_built_without_a_port_is_a_worker_that_keeps_running() -> None:
    found = service("worker")
    assert (found.kind, found.restart, found.is_job) == (Kind.WORKER, Restart.UNLESS_STOPPED, False)


def test_a_service_whose_end_is_waited_for_is_a_job() -> None:
    new = "depends_on: {worker: {condition: service_completed_successfully}}"
    assert service("worker", "depends_on: [db]", new).is_job


def test_a_database_image_can_be_a_job() -> None:
    new = "depends_on: {db: {condition: service_completed_successfully}}"
    found = service("db", "depends_on: [db]", new)
    assert found.is_job
    assert found.data is None


def test_never_restarted_and_without_a_port_is_a_job() -> None:
    parsed = read(VALID.replace("command: run-worker", "command: run-worker\n    restart: 'no'"))
    assert parsed.manifest.services["worker"].is_job
    assert [str(notice) for notice in parsed.notices] == [
        "compose.yaml:8:3: services.worker: "
        "taken as a one-shot job, since it is never restarted and exposes no port\n"
        "    `up` waits for its end; write `restart: unless-stopped` if it keeps running"
    ]


def test_never_restarted_with_a_port_is_no_job() -> None:
    found = service("web", "restart: always", "restart: 'no'")
    assert (found.kind, found.restart) == (Kind.WEB, Restart.NEVER)


def test_never_restarted_and_waited_for_to_run_is_no_job() -> None:
    text = VALID.replace("command: run-worker", "restart: 'no'").replace("[db]", "[db, worker]")
    found = read(text).manifest.services["worker"]
    assert (found.kind, found.restart, found.is_job) == (Kind.OTHER, Restart.NEVER, False)
