"""The API's side: accepts texts, hands each one to the worker, shows what came back."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from kombu.exceptions import OperationalError as BrokerError
from pydantic import BaseModel, StringConstraints
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError as DatabaseError
from sqlalchemy.orm import Session

from app.db import Task, session_per_request
from app.tasks import measure_task
from app.version import VERSION

PAGE = FilePath(__file__).with_name("page.html").read_text(encoding="utf-8")
LISTED = 50

app = FastAPI(title="Word counter", version=VERSION)
DatabaseSession = Annotated[Session, Depends(session_per_request)]
TaskId = Annotated[int, Path(ge=1, le=2**31 - 1)]  # Postgres refuses an integer beyond that
# Postgres has no NUL in a text.
TaskText = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=r"^[^\x00]*$")]


class NewTask(BaseModel):
    """The body of `POST /tasks`."""

    text: TaskText


def shown(task: Task) -> dict[str, Any]:
    """A task as the API shows it."""
    return {"id": task.id, "text": task.text, "state": task.state, "result": task.result}


@app.exception_handler(RequestValidationError)
def refused(_request: Request, error: RequestValidationError) -> JSONResponse:
    """422 with where and what, but not the input: a lone surrogate in it could not be sent back."""
    return JSONResponse({"detail": [{"loc": e["loc"], "msg": e["msg"]} for e in error.errors()]}, 422)


@app.get("/", response_class=HTMLResponse)
def page() -> str:
    """The page for people."""
    return PAGE


@app.get("/version")
def version() -> dict[str, str]:
    """The version of the source that answers."""
    return {"version": VERSION}


@app.get("/healthz")
def healthz(session: DatabaseSession) -> dict[str, str]:
    """200 only if the database answers: without it no other answer would be right."""
    try:
        session.execute(text("SELECT 1"))
    except DatabaseError as error:
        raise HTTPException(503, "the database does not answer") from error
    return {"status": "ok"}


@app.post("/tasks", status_code=202)
def add_task(new: NewTask, session: DatabaseSession) -> dict[str, int]:
    """Store a text and queue it. Committed first, or a quick worker would look for a row not yet there."""
    task = Task(text=new.text)
    session.add(task)
    session.commit()
    try:
        measure_task.delay(task.id)
    except BrokerError as error:
        session.delete(task)
        session.commit()
        raise HTTPException(503, "the queue does not answer") from error
    return {"id": task.id}


@app.get("/tasks")
def list_tasks(session: DatabaseSession) -> list[dict[str, Any]]:
    """The newest tasks, newest first."""
    return [shown(task) for task in session.scalars(select(Task).order_by(Task.id.desc()).limit(LISTED))]


@app.get("/tasks/{task_id}")
def one_task(task_id: TaskId, session: DatabaseSession) -> dict[str, Any]:
    """One task, or 404."""
    task = session.get(Task, task_id)
    if task is None:
        raise HTTPException(404, "no such task")
    return shown(task)
