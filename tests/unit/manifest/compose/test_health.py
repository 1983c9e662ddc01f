from __future__ import annotations

import pytest

from galley_iac.manifest.models import Health
from tests.unit.manifest.compose.support import notice, notices, problem, service

RESTART = "restart: always"


def checked(written: str) -> tuple[str, str]:
    return RESTART, f"healthcheck: {written}"


def health(written: str) -> Health | None:
    return service("web", *checked(written)).health


@pytest.mark.parametrize(
    ("test", "path"),
    [
        ("curl -f http://localhost/up", "/up"),
        ("curl --fail --silent http://127.0.0.1:80/ || exit 1", "/"),
        ("'wget -qO- http://localhost:80/a/b?c=d'", "/a/b?c=d"),
        ("curl -f http://localhost", "/"),
        ("'curl -f \"http://localhost/up\" || exit 1'", "/up"),
        ('["CMD", "curl", "-f", "http://localhost/up"]', "/up"),
        ('["CMD-SHELL", "curl -f http://[::1]:80/up | grep ok"]', "/up"),
        ("/usr/bin/curl -f http://0.0.0.0:80/up#x", "/up"),
    ],
)
def test_a_request_to_itself(test: str, path: str) -> None:
    found = health(f"{{test: {test}}}")
    assert found is not None
    assert found.path == path
    assert notices(*checked(f"{{test: {test}}}")) == []


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("", 90.0),
        (", interval: 5s, retries: 6", 30.0),
        (", interval: 1m30s, retries: 1, start_period: 10s", 100.0),
        (", interval: 24h, retries: 100", 86400.0),
        (", interval: 0s", 30.0),
        (", retries: 0", 90.0),
        (", timeout: 3s, start_interval: 1s", 90.0),
    ],
)
def test_timeout_is_all_the_time_that_compose_allows(written: str, seconds: float) -> None:
    assert health(f"{{test: curl http://localhost/{written}}}") == Health(path="/", timeout=seconds)


@pytest.mark.parametrize("written", ["{disable: true}", '{test: ["NONE"]}', "{interval: 5s}"])
def test_none(written: str) -> None:
    assert health(written) is None
    assert notices(*checked(written)) == []


@pytest.mark.parametrize(
    "test", ["./check.sh", "curl -f https://localhost/up", "curl http://example.com/", "'true'"]
)
def test_what_is_no_request_to_itself(test: str) -> None:
    assert notice(*checked(f"{{test: {test}}}")).split(": ", 1)[1] == (
        "services.web.healthcheck.test: the healthcheck is not carried over\n"
        "    it is ready when it is running; only `curl` or `wget` of a URL on localhost becomes a check"
    )


def test_another_port() -> None:
    assert health("{test: curl http://localhost:9000/}") is None
    assert notice(*checked("{test: curl http://localhost:9000/}")) == (
        "compose.yaml:7:5: services.web.healthcheck: "
        "the healthcheck asks port 9000, and 80 is the one exposed\n"
        "    it is not carried over: the service is ready when it is running"
    )


def test_the_port_of_the_check_is_exposed_where_none_is() -> None:
    found = service("worker", "command: run-worker", "healthcheck: {test: curl http://localhost:9000/live}")
    assert (found.expose, found.health) == (9000, Health(path="/live", timeout=90.0))
    assert not found.has_route


@pytest.mark.parametrize(
    ("image", "test"),
    [
        ("postgres:16", "pg_isready -U x"),
        ("postgres:16", '["CMD-SHELL", "psql -c \'select 1\'"]'),
        ("mysql:8", "mysqladmin ping -h localhost"),
        ("mariadb:11", "healthcheck.sh --connect --innodb_initialized"),
        ("mongo:7", "echo 'db.runCommand(\"ping\").ok' | mongosh localhost/test --quiet"),
        ("redis:7", '["CMD", "redis-cli", "--raw", "incr", "ping"]'),
        ("rabbitmq:3", "rabbitmq-diagnostics -q ping"),
        ("bitnami/kafka", "/opt/bitnami/kafka/bin/kafka-topics.sh --list"),
    ],
)
def test_the_usual_test_of_a_protocol_that_is_asked_anyway(image: str, test: str) -> None:
    old, new = "image: postgres:16", f"image: {image}\n    healthcheck: {{test: {test}}}"
    assert [text for text in notices(old, new) if "healthcheck" in text] == []
    assert service("db", old, new).health is None


def test_an_unusual_test_of_a_database() -> None:
    assert notice("image: postgres:16", "image: postgres:16\n    healthcheck: {test: ./ready}").endswith(
        "    it is ready when its own protocol answers; only `curl` or `wget` of a URL on localhost becomes "
        "a check"
    )


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("x", "must be a mapping"),
        ("{test: [curl, x]}", "a list begins with `CMD`, `CMD-SHELL` or `NONE`"),
        ("{test: []}", "a list begins with `CMD`, `CMD-SHELL` or `NONE`"),
        ("{test: x, tets: y}", "unknown key (did you mean `test`?)"),
        ("{test: {a: b}}", "must be one value"),
        ("{interval: soon}", "`soon` is no duration"),
        ("{retries: many}", "`many` is no number"),
    ],
)
def test_wrong(written: str, rule: str) -> None:
    assert rule in problem(*checked(written))
