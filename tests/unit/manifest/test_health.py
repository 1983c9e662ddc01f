from __future__ import annotations

import pytest

from galley_iac.manifest.models import Health
from tests.unit.manifest.support import problem, service

HEALTH = "{path: /healthz}"


def health(written: str) -> Health | None:
    return service("api", HEALTH, written).health


def test_defaults() -> None:
    assert health(HEALTH) == Health(path="/healthz", status=200, timeout=30.0)
    assert health("/healthz") == Health(path="/healthz")
    assert service("db").health is None


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("5s", 5.0),
        ("1m30s", 90.0),
        ("500ms", 0.5),
        ("45", 45.0),
        ("0.5", 0.5),
        ("1h", 3600.0),
        ('"24h"', 86400.0),
    ],
)
def test_timeout(written: str, seconds: float) -> None:
    assert health(f"{{path: /, timeout: {written}}}") == Health(path="/", timeout=seconds)


@pytest.mark.parametrize(
    "written", ["0", "0s", "-1s", "soon", "25h", "1d", "1 s", "30S", "1e9", ".inf", "5m s"]
)
def test_bad_timeout(written: str) -> None:
    assert problem(HEALTH, f"{{path: /, timeout: {written}}}") == (
        f"galley.yaml:10:32: services.api.health.timeout: `{written}` is no duration above 0 and up to 24h\n"
        "    write a number with `ms`, `s`, `m` or `h`, such as `30s` or `1m30s`"
    )


@pytest.mark.parametrize(("written", "status"), [("204", 204), ('"301"', 301), ("599", 599)])
def test_status(written: str, status: int) -> None:
    assert health(f"{{path: /, status: {written}}}") == Health(path="/", status=status)


@pytest.mark.parametrize("written", ["100", "600", "ok", "2xx", "200-399"])
def test_bad_status(written: str) -> None:
    assert problem(HEALTH, f"{{path: /, status: {written}}}") == (
        f"galley.yaml:10:31: services.api.health.status: `{written}` is not an HTTP status from 200 to 599\n"
        "    write one, such as `200`"
    )


@pytest.mark.parametrize("path", ["/", "/a/b?c=d&e=%20", "/~x:y"])
def test_paths(path: str) -> None:
    assert health(f'{{path: "{path}"}}') == Health(path=path)


@pytest.mark.parametrize("path", ["healthz", "/a b", "/ä", "/a#b", "http://x/", "/a\\r\\nHost: x"])
def test_bad_paths(path: str) -> None:
    assert problem(HEALTH, f'{{path: "{path}"}}') == (
        f"galley.yaml:10:20: services.api.health.path: `{path}` is no path of a request: a slash first, no "
        "spaces, ASCII only, no `#`\n    write a path such as `/healthz`, other characters percent-encoded"
    )


def test_path_is_required() -> None:
    assert problem(HEALTH, "{status: 200}") == (
        "galley.yaml:10:5: services.api.health: `path` is missing\n"
        "    write `path: /healthz`, the path to ask for"
    )


def test_needs_a_port() -> None:
    assert problem("depends_on: [db]\n  db", "health: /x\n  db") == (
        "galley.yaml:15:13: services.worker.health: `health` asks the exposed port, and there is no "
        "`expose`\n"
        "    write `expose: 8000` with the port it listens on"
    )
