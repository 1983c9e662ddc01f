"""When a service of each kind counts as ready."""

from __future__ import annotations

import pytest

from galley_iac.plan.model import ExitCheck, HttpCheck, ProtocolCheck, RunningCheck
from galley_iac.plan.settings import Settings
from tests.unit.plan.support import container, plan, services

BUILD = "build: {path: ./}"


def check(text: str) -> object:
    return container(f"it: {{{text}}}", "it").check


def test_health_is_asked_by_http() -> None:
    health = "health: {path: /up, status: 204, timeout: 1m30s}"
    assert check(f"kind: api, {BUILD}, expose: 80, {health}") == HttpCheck(80, "/up", 204, 90.0)


def test_health_s_defaults() -> None:
    made = check(f"kind: web, {BUILD}, expose: 80, health: {{path: /}}")
    assert made == HttpCheck(port=80, path="/", status=200, timeout=30.0)


def test_health_wins_over_a_protocol() -> None:
    made = check("kind: database, image: couchdb:3, expose: 5984, health: {path: /_up}")
    assert made == HttpCheck(5984, "/_up", 200, 30.0)


def test_a_one_shot_job_has_to_exit() -> None:
    assert check(f"kind: worker, {BUILD}, restart: never") == ExitCheck()


def test_restart_never_alone_makes_no_job() -> None:
    assert check(f"kind: other, {BUILD}, restart: never") == RunningCheck()


@pytest.mark.parametrize("kind", ["worker", "other"])
def test_nothing_to_ask(kind: str) -> None:
    assert check(f"kind: {kind}, {BUILD}, expose: 9000") == RunningCheck()


@pytest.mark.parametrize("kind", ["web", "api"])
def test_a_routed_service_without_health_runs(kind: str) -> None:
    assert check(f"kind: {kind}, {BUILD}, expose: 9000") == RunningCheck()


@pytest.mark.parametrize(
    ("image", "protocol", "port"),
    [
        ("postgres:16-alpine", "postgres", 5432),
        ("registry:5000/team/postgres:16", "postgres", 5432),
        ("mariadb:11", "mysql", 3306),
        ("mongo:7", "mongo", 27017),
        ("redis:7-alpine", "redis", 6379),
        ("valkey/valkey:8", "redis", 6379),
        ("memcached", "memcached", 11211),
        ("rabbitmq:3-management", "amqp", 5672),
        ("nats:2", "nats", 4222),
        ("apache/kafka:3.8.0", "kafka", 9092),
        ("elasticsearch:8.15.0", "tcp", 9200),
    ],
)
def test_a_known_image_is_asked_in_its_protocol_on_its_port(image: str, protocol: str, port: int) -> None:
    for kind in ("database", "cache", "queue"):
        assert check(f"kind: {kind}, image: '{image}'") == ProtocolCheck(protocol, port, 60.0)


def test_the_exposed_port_wins() -> None:
    assert check("kind: database, image: postgres:16, expose: 6000") == ProtocolCheck("postgres", 6000, 60.0)


def test_an_unknown_image_is_asked_for_a_connection() -> None:
    assert check("kind: database, image: acme/ledger, expose: 7000") == ProtocolCheck("tcp", 7000, 60.0)


def test_a_built_database_is_asked_for_a_connection() -> None:
    assert check(f"kind: database, {BUILD}, expose: 7000") == ProtocolCheck("tcp", 7000, 60.0)


def test_without_any_port_there_is_nothing_to_ask() -> None:
    assert check("kind: queue, image: acme/ledger") == RunningCheck()


def test_a_known_image_of_kind_other_is_not_asked() -> None:
    assert check("kind: other, image: redis:7") == RunningCheck()


def test_the_image_s_name_may_be_a_variable() -> None:
    manifest = services("db: {kind: database, image: '${DB_IMAGE}'}")
    made = plan(manifest, settings=Settings(variables={"DB_IMAGE": "mysql:8"}, protocol_timeout=5))
    assert made.container("db").check == ProtocolCheck("mysql", 3306, 5)
