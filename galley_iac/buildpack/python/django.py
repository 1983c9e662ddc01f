"""Django: manage.py, and the server that fits what the project has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from galley_iac.buildpack.application import Role, Start
from galley_iac.buildpack.dockerfile import shell
from galley_iac.buildpack.files import Files
from galley_iac.buildpack.python.servers import ASGI, PORT, WSGI

MANAGE = "manage.py"
_SETTINGS = re.compile(r"""DJANGO_SETTINGS_MODULE["'],\s*["']([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)["']""")
_PREFERRED = (
    ("daphne", "asgi"),
    ("gunicorn", "wsgi"),
    ("uvicorn", "asgi"),
    ("hypercorn", "asgi"),
    ("waitress", "wsgi"),
)


def starts(files: Files, names: frozenset[str]) -> Iterator[Start]:
    """The project's start command; migrations are left to the manifest, which can say when they run."""
    if not files.exists(MANAGE):
        return
    package = _package(files)
    for server, interface in _PREFERRED:
        if package and server in names and files.exists(f"{package.replace('.', '/')}/{interface}.py"):
            line = f"{(ASGI | WSGI)[server]} {package}.{interface}:application"
            yield Start(Role.WEB, shell(line), f"Django with {package}.{interface}")
            return
    yield Start(
        Role.WEB, shell(f"python {MANAGE} runserver --noreload 0.0.0.0:{PORT}"), f"Django in {MANAGE}"
    )


def _package(files: Files) -> str:
    """The package that manage.py names the settings of: ``shop`` of ``shop.settings`` or
    ``shop.settings.preview``.
    """
    match = _SETTINGS.search(files.read(MANAGE))
    return re.split(r"\.\w*settings\b", match[1])[0] if match else ""
