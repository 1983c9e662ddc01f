from __future__ import annotations

import pytest

from galley_iac.manifest.known_images import IMAGES, known
from galley_iac.manifest.models import STATEFUL

PGDATA = "/var/lib/postgresql/data"


@pytest.mark.parametrize(
    ("image", "protocol", "data"),
    [
        ("postgres:16-alpine", "postgres", PGDATA),
        ("library/postgres:9.6", "postgres", PGDATA),
        ("registry.example:5000/a/postgres:17@sha256:00", "postgres", PGDATA),
        ("postgres:18", "postgres", "/var/lib/postgresql"),
        ("postgres", "postgres", "/var/lib/postgresql"),
        ("postgres:latest", "postgres", "/var/lib/postgresql"),
        ("postgres:alpine3.20", "postgres", "/var/lib/postgresql"),
        ("postgis/postgis:16-3.4", "postgres", PGDATA),
        ("pgvector/pgvector:pg16", "postgres", PGDATA),
        ("pgvector/pgvector:0.8.0-pg18", "postgres", "/var/lib/postgresql"),
        ("timescale/timescaledb:2.17.2-pg16", "postgres", PGDATA),
        ("team/postgresql", "postgres", None),
        ("bitnami/postgresql:16", "postgres", "/bitnami/postgresql"),
        ("registry.example/bitnami/redis:7", "redis", "/bitnami/redis/data"),
        ("redis:7", "redis", "/data"),
        ("eqalpha/keydb", "redis", "/data"),
        ("mariadb:11", "mysql", "/var/lib/mysql"),
        ("MySQL:8", "mysql", "/var/lib/mysql"),
        ("mongo:7", "mongo", "/data/db"),
        ("memcached:1", "memcached", None),
        ("rabbitmq:3-management-alpine", "amqp", "/var/lib/rabbitmq"),
        ("nats:2-alpine", "nats", "/data"),
        ("apache/kafka:3.9.0", "kafka", "/var/lib/kafka/data"),
        ("minio/minio:latest", None, "/data"),
    ],
)
def test_known(image: str, protocol: str | None, data: str | None) -> None:
    found = known(image)
    assert found is not None
    assert (found.protocol, found.data) == (protocol, data)


@pytest.mark.parametrize("image", ["", "nginx", "team/postgres-backup", "postgres-exporter:1", "redis/team"])
def test_unknown(image: str) -> None:
    assert known(image) is None


def test_table() -> None:
    names = [name for image in IMAGES for name in image.names]
    assert len(names) == len(set(names))
    for image in IMAGES:
        assert image.kind in STATEFUL
        assert image.data is None or image.data.startswith("/")
        assert image.port is not None
