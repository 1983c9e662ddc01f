from __future__ import annotations

import pytest

from galley_iac.manifest import parse
from galley_iac.manifest.models import Kind
from tests.unit.manifest.support import notices, problem, problems, service


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind(kind: Kind) -> None:
    found = service("api", "kind: api", f"kind: {kind}")
    assert found.kind is kind
    assert found.has_route is (kind in {Kind.WEB, Kind.API})


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("wep", "web"),
        ("API", "api"),
        ("db", "database"),
        ("databse", "database"),
        ("job", "worker"),
        ("frontend", "web"),
    ],
)
def test_unknown_kind(written: str, hint: str) -> None:
    assert problem("kind: api", f"kind: {written}") == (
        f"galley.yaml:4:11: services.api.kind: `{written}` is none of `web`, `api`, `worker`, `database`, "
        f"`cache`, `queue` and `other` (did you mean `{hint}`?)\n    write one of these words"
    )


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        ("postgres:16", "database"),
        ("mysql", "database"),
        ("mariadb:11", "database"),
        ("mongo:7", "database"),
        ("registry.example:5000/team/postgis/postgis:16-3.4", "database"),
        ("bitnami/postgresql:16", "database"),
        ("redis:7-alpine", "cache"),
        ("valkey/valkey", "cache"),
        ("memcached", "cache"),
        ("rabbitmq:3-management", "queue"),
        ("nats:2", "queue"),
        ("apache/kafka:3.9", "queue"),
        ("redis:${REDIS_TAG:-7}", "cache"),
        ("${IMAGE:-mysql:8}", "database"),
    ],
)
def test_kind_from_the_name_of_an_image(image: str, kind: str) -> None:
    text = f"version: 1\nservices:\n  s:\n    image: {image}\n"
    parsed = parse(text, "galley.yaml")
    assert parsed.manifest.services["s"].kind == kind
    assert [str(notice) for notice in parsed.notices] == [
        f"galley.yaml:3:3: services.s: no `kind`: taken as `{kind}`, by the image's name\n"
        f"    write `kind: {kind}`, or the kind that is meant"
    ]


def test_unknown_image_is_other() -> None:
    text = "version: 1\nservices:\n  s:\n    image: team/thing\n"
    (notice,) = parse(text, "galley.yaml").notices
    assert notice.rule == "no `kind`: taken as `other`, since the image's name is not known"


def test_built_service_with_a_port_is_web() -> None:
    assert service("api", "    kind: api\n", "").kind is Kind.WEB
    assert notices("    kind: api\n", "") == [
        "galley.yaml:3:3: services.api: no `kind`: taken as `web`, since it is built and exposes a port\n"
        "    write `kind: web`, or the kind that is meant"
    ]


def test_built_service_without_a_port_is_a_worker() -> None:
    assert service("worker", "    kind: worker\n", "").kind is Kind.WORKER
    assert notices("    kind: worker\n", "")[0].startswith(
        "galley.yaml:12:3: services.worker: no `kind`: taken as `worker`, since it is built and "
        "exposes no port"
    )


def test_a_kind_that_is_written_makes_no_notice() -> None:
    assert notices() == []


@pytest.mark.parametrize("kind", ["web", "api"])
def test_a_route_needs_a_port(kind: str) -> None:
    assert problem("kind: worker", f"kind: {kind}") == (
        f"galley.yaml:12:3: services.worker: `expose` is missing, and a service of kind `{kind}` has "
        "a public route\n    write `expose: 8000` with the port it listens on, or `kind: worker`"
    )


def test_a_wrong_port_is_not_missing_as_well() -> None:
    assert "is missing" not in problem("expose: 8000", "expose: none")
    assert "is missing" not in problem("expose: 8000", "expos: 8000")


def test_job() -> None:
    assert service("worker", "kind: worker", "kind: worker\n    restart: never").is_job
    assert not service("worker").is_job
    assert not service("db", "kind: database", "kind: database\n    restart: never").is_job


def test_a_long_running_service_may_depend_on_any_worker() -> None:
    assert (
        problems(
            "version: 1\nservices:\n  a: {kind: worker, image: x}\n"
            "  b: {kind: other, image: y, depends_on: [a]}\n"
        )
        == []
    )
