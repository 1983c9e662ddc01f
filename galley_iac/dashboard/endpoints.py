"""The JSON interface as a table: what is served and what ``/openapi.json`` says are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from galley_iac import __version__
from galley_iac.dashboard.actions import ACTIONS
from galley_iac.dashboard.model import Drift, History, Line, Preview, Variable

_REF = "#/components/schemas/{model}"
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message"],
            "properties": {"message": {"type": "string"}},
        }
    },
}
_JOB = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "action": {"type": "string", "enum": sorted(ACTIONS)},
        "preview": {"type": "string"},
        "who": {"type": "string"},
        "started": {"type": "number", "description": "seconds since the epoch"},
        "ended": {"type": ["number", "null"]},
        "state": {"type": "string", "enum": ["running", "done", "failed"]},
        "lines": {"type": "array", "items": {"type": "string"}, "description": "what the command says"},
    },
}
_QUERY = ("q", "project", "state", "owner", "order")


@dataclass(frozen=True)
class Endpoint:
    """One GET: ``schema`` is what it answers with, ``query`` the parameters that it knows."""

    path: str
    summary: str
    schema: Mapping[str, Any]
    query: tuple[str, ...] = ()


def _schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    """Of each kind of answer, and the components that they refer to; from the dataclasses themselves."""
    kinds: Mapping[str, Any] = {
        "previews": list[Preview],
        "preview": Preview,
        "history": History,
        "drift": Drift | None,
        "environment": dict[str, list[Variable]],
        "logs": list[Line],
    }
    answers, components = {}, {}
    for name, kind in kinds.items():
        schema = TypeAdapter(kind).json_schema(ref_template=_REF, mode="serialization")
        components.update(schema.pop("$defs", {}))
        answers[name] = schema
    return answers, components


_ANSWERS, _COMPONENTS = _schemas()
_PREVIEW = "/api/previews/{preview}"
ENDPOINTS = {
    "previews": Endpoint("/api/previews", "All previews", _ANSWERS["previews"], _QUERY),
    "preview": Endpoint(_PREVIEW, "One preview and its services", _ANSWERS["preview"]),
    "history": Endpoint(f"{_PREVIEW}/history", "Its updates, and what the last one did", _ANSWERS["history"]),
    "drift": Endpoint(
        f"{_PREVIEW}/drift",
        "What POST found since the last update; null when it was not asked for",
        _ANSWERS["drift"],
    ),
    "environment": Endpoint(
        f"{_PREVIEW}/environment", "What its services were given, secrets masked", _ANSWERS["environment"]
    ),
    "logs": Endpoint(
        f"{_PREVIEW}/logs", "Lines of its logs, in order", _ANSWERS["logs"], ("source", "tail", "at")
    ),
    "job": Endpoint("/api/jobs/{job}", "An action under way, or its outcome", _JOB),
}


def document() -> dict[str, Any]:
    """The OpenAPI description."""
    paths: dict[str, Any] = {one.path: {"get": _get(one)} for one in ENDPOINTS.values()}
    for action in ACTIONS.values():
        paths[f"{_PREVIEW}/{action.name}"] = {"post": _post(action.name, action.summary, action.asks)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Galley",
            "version": __version__,
            "description": "Moments are seconds since the epoch, sizes bytes, durations seconds.",
        },
        "paths": paths,
        "components": {
            "schemas": {**_COMPONENTS, "Error": _ERROR, "Job": _JOB},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _get(endpoint: Endpoint) -> dict[str, Any]:
    query = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in endpoint.query]
    answers = {"200": _json("What there is", endpoint.schema), **_errors("401", "404")}
    return {"summary": endpoint.summary, "parameters": _path(endpoint.path) + query, "responses": answers}


def _post(name: str, summary: str, asks: tuple[str, ...]) -> dict[str, Any]:
    body = {
        "type": "object",
        "properties": {**{ask: {"type": "string"} for ask in asks}, "wait": {"type": "number"}},
        **({"required": list(asks)} if asks else {}),
    }
    return {
        "summary": f"{name}: {summary}",
        "security": [{"token": []}],
        "parameters": _path(_PREVIEW),
        "requestBody": {"required": bool(asks), "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": _json("It has ended", {"$ref": "#/components/schemas/Job"}),
            "202": _json("It is under way", {"$ref": "#/components/schemas/Job"}),
            **_errors("400", "401", "403", "404", "409"),
        },
    }


def _path(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _json(description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _errors(*codes: str) -> dict[str, Any]:
    return {code: _json("It cannot be", {"$ref": "#/components/schemas/Error"}) for code in codes}
