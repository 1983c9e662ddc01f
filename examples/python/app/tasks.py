"""The worker's side: `celery -A app.tasks worker`."""

from __future__ import annotations

import os

from celery import Celery
from sqlalchemy.exc import OperationalError

from app.config import setting
from app.db import Task, new_session
from app.text import measure

queue = Celery("app", broker=setting(os.environ, "REDIS_URL"))
queue.conf.update(
    worker_concurrency=2,  # the default is one process per core of the host, whatever the limit is here
    broker_connection_retry_on_startup=True,
    # Without an end to the attempts, a request would hang for as long as the broker is away.
    broker_transport_options={"max_retries": 2, "interval_start": 0, "interval_step": 0.2},
)


@queue.task(
    ignore_result=True,  # the result is a row of the database
    acks_late=True,  # a task whose worker dies is given to another one
    autoretry_for=(OperationalError,),
    retry_backoff=True,
    max_retries=5,
)
def measure_task(task_id: int) -> None:
    """Measure the stored text and store the result. Doing it twice gives the same row."""
    with new_session.begin() as session:
        task = session.get_one(Task, task_id)
        task.result = measure(task.text)
        task.state = "done"
