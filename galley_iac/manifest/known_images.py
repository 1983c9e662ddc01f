"""Images that are known by name: what they are for, how their readiness is asked, where they keep data.

Ports and folders are those of the images' own documentation. A folder of None means that nothing is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from galley_iac.manifest.models import Kind


@dataclass(frozen=True)
class KnownImage:
    """One family of images.

    ``names`` are last components of image names (``postgres``), or the last two (``bitnami/redis``), which
    win. ``protocol`` is how readiness is asked: postgres, mysql, mongo, redis, memcached, amqp, nats, kafka;
    None: not known.
    """

    names: tuple[str, ...]
    kind: Kind
    protocol: str | None = None
    port: int | None = None
    data: str | None = None


_DATABASE, _CACHE, _QUEUE, _OTHER = Kind.DATABASE, Kind.CACHE, Kind.QUEUE, Kind.OTHER
_POSTGRES = ("postgres", "postgis", "pgvector", "timescaledb")

IMAGES = (
    KnownImage(_POSTGRES, _DATABASE, "postgres", 5432, "/var/lib/postgresql/data"),
    KnownImage(("timescaledb-ha",), _DATABASE, "postgres", 5432, "/home/postgres/pgdata/data"),
    KnownImage(("postgresql",), _DATABASE, "postgres", 5432),
    KnownImage(("mysql", "mariadb", "percona"), _DATABASE, "mysql", 3306, "/var/lib/mysql"),
    KnownImage(("mysql-server", "percona-server"), _DATABASE, "mysql", 3306, "/var/lib/mysql"),
    KnownImage(("mongo", "mongodb-community-server"), _DATABASE, "mongo", 27017, "/data/db"),
    KnownImage(("mongodb",), _DATABASE, "mongo", 27017),
    KnownImage(("redis", "valkey", "keydb"), _CACHE, "redis", 6379, "/data"),
    KnownImage(("redis-stack", "redis-stack-server"), _CACHE, "redis", 6379, "/data"),
    KnownImage(("memcached",), _CACHE, "memcached", 11211),
    KnownImage(("rabbitmq",), _QUEUE, "amqp", 5672, "/var/lib/rabbitmq"),
    KnownImage(("nats",), _QUEUE, "nats", 4222, "/data"),
    KnownImage(("kafka", "kafka-native"), _QUEUE, "kafka", 9092, "/var/lib/kafka/data"),
    KnownImage(("cp-kafka", "confluent-local"), _QUEUE, "kafka", 9092, "/var/lib/kafka/data"),
    KnownImage(("redpanda",), _QUEUE, "kafka", 9092, "/var/lib/redpanda/data"),
    KnownImage(("clickhouse", "clickhouse-server"), _DATABASE, None, 8123, "/var/lib/clickhouse"),
    KnownImage(("elasticsearch",), _DATABASE, None, 9200, "/usr/share/elasticsearch/data"),
    KnownImage(("opensearch",), _DATABASE, None, 9200, "/usr/share/opensearch/data"),
    KnownImage(("meilisearch",), _DATABASE, None, 7700, "/meili_data"),
    KnownImage(("typesense",), _DATABASE, None, 8108),
    KnownImage(("qdrant",), _DATABASE, None, 6333, "/qdrant/storage"),
    KnownImage(("couchdb",), _DATABASE, None, 5984, "/opt/couchdb/data"),
    KnownImage(("neo4j",), _DATABASE, None, 7687, "/data"),
    KnownImage(("influxdb",), _DATABASE, None, 8086, "/var/lib/influxdb2"),
    KnownImage(("cassandra",), _DATABASE, None, 9042, "/var/lib/cassandra"),
    KnownImage(("minio",), _OTHER, None, 9000, "/data"),
    KnownImage(("localstack",), _OTHER, None, 4566, "/var/lib/localstack"),
    KnownImage(
        ("bitnami/postgresql", "bitnamilegacy/postgresql"), _DATABASE, "postgres", 5432, "/bitnami/postgresql"
    ),
    KnownImage(("bitnami/mysql", "bitnamilegacy/mysql"), _DATABASE, "mysql", 3306, "/bitnami/mysql/data"),
    KnownImage(("bitnami/mariadb", "bitnamilegacy/mariadb"), _DATABASE, "mysql", 3306, "/bitnami/mariadb"),
    KnownImage(("bitnami/mongodb", "bitnamilegacy/mongodb"), _DATABASE, "mongo", 27017, "/bitnami/mongodb"),
    KnownImage(("bitnami/redis", "bitnamilegacy/redis"), _CACHE, "redis", 6379, "/bitnami/redis/data"),
    KnownImage(("bitnami/valkey", "bitnamilegacy/valkey"), _CACHE, "redis", 6379, "/bitnami/valkey/data"),
    KnownImage(("bitnami/memcached", "bitnamilegacy/memcached"), _CACHE, "memcached", 11211),
    KnownImage(
        ("bitnami/rabbitmq", "bitnamilegacy/rabbitmq"), _QUEUE, "amqp", 5672, "/bitnami/rabbitmq/mnesia"
    ),
    KnownImage(("bitnami/kafka", "bitnamilegacy/kafka"), _QUEUE, "kafka", 9092, "/bitnami/kafka"),
    KnownImage(("bitnami/nats", "bitnamilegacy/nats"), _QUEUE, "nats", 4222),
    KnownImage(("bitnami/minio", "bitnamilegacy/minio"), _OTHER, None, 9000, "/bitnami/minio/data"),
)

_BY_NAME = {name: image for image in IMAGES for name in image.names}
_AFTER_PG = re.compile(r"pg(\d{1,4})")
_LEADING = re.compile(r"(\d{1,4})")


def known(image: str) -> KnownImage | None:
    """What is known of ``image`` (``registry:5000/team/postgres:16-alpine@sha256:...``) by its name and
    tag.
    """
    name, tag = _name_and_tag(image)
    last_two = "/".join(name.split("/")[-2:])
    found = _BY_NAME.get(last_two) or _BY_NAME.get(name.rpartition("/")[2])
    if found and "postgres" in found.names:
        return _postgres(found, tag)
    return found


def _name_and_tag(image: str) -> tuple[str, str]:
    path, slash, last = image.partition("@")[0].rpartition("/")
    last, _, tag = last.partition(":")
    return f"{path}{slash}{last}".lower(), tag


def _postgres(image: KnownImage, tag: str) -> KnownImage:
    """From 18 on (so ``latest`` too) the volume is the folder above, the data in a folder of the version's
    own.

    Tags name the version first (``16-alpine``) or after ``pg`` (``0.8.0-pg17``).
    """
    found = _AFTER_PG.search(tag) or _LEADING.match(tag)
    is_older = found is not None and int(found[1]) < 18
    return image if is_older else replace(image, data="/var/lib/postgresql")
