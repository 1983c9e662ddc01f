"""Takes jobs from the queue, draws each one's chart, puts it into the object store and marks the job done."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
from minio import Minio
from redis import Redis

import chart

WAITING = "jobs"  # the api pushes on the left
RUNNING = "jobs:running"
BUCKET = "charts"
PATIENCE = 5  # seconds that one request for a job waits


@dataclass(frozen=True)
class Neighbours:
    """What the worker talks to."""

    database_url: str
    queue: Redis
    store: Minio

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Neighbours:
        """The neighbours that the environment names. Nothing is connected yet."""
        address = urlsplit(environment["S3_URL"])
        store = Minio(
            endpoint=address.netloc,
            access_key=environment["S3_ACCESS_KEY"],
            secret_key=environment["S3_SECRET_KEY"],
            secure=address.scheme == "https",
            region="us-east-1",
        )
        # The client gives up after a few seconds of its own choice: it has to outlast a request that waits.
        queue = Redis.from_url(environment["REDIS_URL"], decode_responses=True, socket_timeout=2 * PATIENCE)
        return cls(environment["DATABASE_URL"], queue, store)


def waiting_jobs(queue: Redis) -> Iterator[int]:
    """Each job as it comes, for ever. A job leaves the queue only when the caller asks for the next one.

    A worker that dies in the middle leaves its job in RUNNING, and the next worker begins with that. That is
    right for one worker; several would each need a list of their own.
    """
    while queue.lmove(RUNNING, WAITING, "LEFT", "RIGHT") is not None:
        pass
    while True:
        job = queue.blmove(WAITING, RUNNING, PATIENCE, "RIGHT", "LEFT")
        if job is not None:
            number = int(job)
            yield number
            queue.lrem(RUNNING, 1, str(number))


def put(store: Minio, name: str, content: bytes) -> None:
    """Store an object, and first the bucket if the store is new."""
    if not store.bucket_exists(bucket_name=BUCKET):
        store.make_bucket(bucket_name=BUCKET)
    store.put_object(
        bucket_name=BUCKET,
        object_name=name,
        data=io.BytesIO(content),
        length=len(content),
        content_type="image/svg+xml",
    )


def draw(neighbours: Neighbours, job: int) -> bool:
    """Draw one job's chart; False if the database does not know the job. Doing it twice changes nothing."""
    with psycopg.connect(neighbours.database_url, connect_timeout=3) as connection:
        row = connection.execute("SELECT text FROM jobs WHERE id = %s", [job]).fetchone()
        if row is None:
            return False
        counts = chart.letters(row[0])
        put(neighbours.store, f"{job}.svg", chart.svg(counts).encode())
        connection.execute(
            "UPDATE jobs SET state = 'done', letters = %s WHERE id = %s", [counts.total(), job]
        )
    return True


def main() -> None:
    """Work until SIGTERM, which process 1 of a container would ignore. A neighbour that is away ends the
    worker: the platform shows it and starts it again."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    neighbours = Neighbours.of(os.environ)
    print("waiting for jobs")
    for job in waiting_jobs(neighbours.queue):
        print(f"job {job}: {'done' if draw(neighbours, job) else 'not in the database'}")


if __name__ == "__main__":
    main()
