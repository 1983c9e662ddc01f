"""Answers that pages and the JSON interface have in common: errors in the form that was asked for."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from galley_iac.dashboard.rendering import render

_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


def json(value: object, status: int = 200) -> Response:
    """Any of the model's dataclasses, or a collection of them."""
    return Response(_ANYTHING.dump_json(value), status, media_type="application/json")


def failure(request: Request, status: int, message: str) -> Response:
    """An error as JSON for programs, as a page for people."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": {"message": message}}, status)
    text = render("message.html", title=str(status), message=message, status=status, who=None)
    return HTMLResponse(text, status)


def not_found(what: str) -> HTTPException:
    """For the name of something that is not there."""
    return HTTPException(404, f"there is no {what}")
