"""The command that serves a Python application on 0.0.0.0 and ``$PORT``, with a server that the project
has.
"""

from __future__ import annotations

from galley_iac.buildpack.application import Refusal, Role, Start
from galley_iac.buildpack.dockerfile import shell
from galley_iac.buildpack.python.modules import Made

PORT = "${PORT:-8000}"
ASGI = {
    "uvicorn": f"uvicorn --host 0.0.0.0 --port {PORT}",
    "hypercorn": f"hypercorn --bind 0.0.0.0:{PORT}",
    "daphne": f"daphne -b 0.0.0.0 -p {PORT}",
}
WSGI = {
    "gunicorn": f"gunicorn --bind 0.0.0.0:{PORT}",
    "waitress": f"waitress-serve --listen=0.0.0.0:{PORT}",
}


def start(made: Made, names: frozenset[str]) -> Start:
    """How an application is served; in doubt where the project has no server for it."""
    found = f"{made.framework} in {made.path}"
    line = _fastapi(made, names) if made.framework == "FastAPI" else _flask(made, names)
    if line:
        return Start(Role.WEB, shell(line), found)
    rule = f"{found}, but none of {', '.join(ASGI)} is among the dependencies"
    return Start(Role.WEB, (), found, Refusal("start", rule, "add `uvicorn` to them, or write `build.start`"))


def _fastapi(made: Made, names: frozenset[str]) -> str | None:
    if "uvicorn" in names:
        return f"{ASGI['uvicorn']}{' --factory' if made.factory else ''} {made.target}"
    if made.factory:
        return f'{ASGI["hypercorn"]} "{made.target}()"' if "hypercorn" in names else None
    return next((f"{line} {made.target}" for server, line in ASGI.items() if server in names), None)


def _flask(made: Made, names: frozenset[str]) -> str:
    """Without a server among the dependencies Flask's own, which is meant for development, has to do."""
    if "gunicorn" in names:
        target = f'"{made.target}()"' if made.factory else made.target
        return f"{WSGI['gunicorn']} {target}"
    if "waitress" in names:
        return f"{WSGI['waitress']}{' --call' if made.factory else ''} {made.target}"
    return f"flask --app {made.target} run --host 0.0.0.0 --port {PORT}"
