"""The application: routes, and what happens to errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from galley_iac.dashboard.acting import Acting
from galley_iac.dashboard.answers import failure
from galley_iac.dashboard.endpoints import ENDPOINTS
from galley_iac.dashboard.security import Guard
from galley_iac.dashboard.serving import Api, Browser
from galley_iac.dashboard.shelling import Shelling

STATIC = Path(__file__).parent / "static"
_PREVIEW = "/previews/{preview}"


@dataclass(frozen=True)
class Parts:
    """What answers requests."""

    browser: Browser
    api: Api
    acting: Acting
    shelling: Shelling


def make(parts: Parts, names: frozenset[str]) -> Starlette:
    """The application, for hosts of these ``names``."""
    return Starlette(
        routes=[*_pages(parts), *_api(parts), Mount("/static", StaticFiles(directory=STATIC))],
        middleware=[Middleware(Guard, names=names)],
        exception_handlers={HTTPException: _on_http_error, Exception: _on_error},
    )


def _pages(parts: Parts) -> list[BaseRoute]:
    browser, acting = parts.browser, parts.acting
    return [
        Route("/", browser.previews),
        Route("/login", browser.login, methods=["GET"]),
        Route("/login", acting.log_in, methods=["POST"]),
        Route("/logout", acting.log_out, methods=["POST"]),
        Route(_PREVIEW, browser.overview),
        Route(f"{_PREVIEW}/thumbnails/{{service}}", browser.thumbnail),
        Route(f"{_PREVIEW}/updates", browser.updates),
        Route(f"{_PREVIEW}/environment", browser.environment),
        Route(f"{_PREVIEW}/logs", browser.logs),
        Route(f"{_PREVIEW}/shell", browser.shell),
        Route(f"{_PREVIEW}/logs/stream", browser.log_stream),
        Route(f"{_PREVIEW}/logs/download", browser.log_download),
        Route(f"{_PREVIEW}/actions/{{action}}", acting.from_page, methods=["POST"]),
    ]


def _api(parts: Parts) -> list[BaseRoute]:
    api = parts.api
    answers: dict[str, Callable[[Request], object]] = {
        "previews": api.previews,
        "preview": api.preview,
        "history": api.history,
        "drift": api.drift,
        "environment": api.environment,
        "logs": api.logs,
        "job": api.job,
    }
    return [
        *(Route(ENDPOINTS[name].path, answer) for name, answer in answers.items()),
        Route("/api/previews/{preview}/shell", parts.shelling.begin, methods=["POST"]),
        Route("/shells/{shell}/output", parts.shelling.output),
        Route("/shells/{shell}/input", parts.shelling.input, methods=["POST"]),
        Route("/api/previews/{preview}/{action}", parts.acting.from_api, methods=["POST"]),
        Route("/openapi.json", api.openapi),
        Route("/metrics", api.metrics),
        Route("/healthz", api.healthz),
    ]


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return failure(request, error.status_code, error.detail)


async def _on_error(request: Request, _error: Exception) -> Response:
    return failure(request, 500, "something went wrong; what it was is in the dashboard's own log")
