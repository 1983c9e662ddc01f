"""What the worker does: store a sum when it is asked to, and a tick whenever beat says so."""

import os

from celery import Celery

celery = Celery("shop", broker=os.environ["REDIS_URL"])
celery.conf.beat_schedule = {"tick": {"task": "shop.tasks.store", "schedule": 1.0, "args": ("tick", 1)}}
celery.conf.beat_schedule_filename = "/tmp/schedule"
celery.conf.broker_connection_retry_on_startup = True


def table():
    """A cursor in a database that has the table."""
    import django
    from django.db import connection

    django.setup()
    cursor = connection.cursor()
    cursor.execute("SELECT pg_advisory_lock(1)")  # two that make a table at once would fail
    cursor.execute("CREATE TABLE IF NOT EXISTS stored (name text, number integer)")
    cursor.execute("SELECT pg_advisory_unlock(1)")
    return cursor


@celery.task
def store(name, *numbers):
    with table() as cursor:
        cursor.execute("INSERT INTO stored VALUES (%s, %s)", [name, sum(numbers)])
