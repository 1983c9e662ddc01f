"""The Dockerfile of a Python project."""

from __future__ import annotations

from galley_iac.buildpack import dockerfile, procfile
from galley_iac.buildpack.application import Application, Ask, Start
from galley_iac.buildpack.dockerfile import CACHED, UID, WHOLE
from galley_iac.buildpack.files import Files
from galley_iac.buildpack.python import entry, modules, project, system
from galley_iac.buildpack.python.project import POETRY, Project
from galley_iac.buildpack.python.version import python_version
from galley_iac.buildpack.versions import Version

_ENV = {
    "PYTHONUNBUFFERED": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PIP_NO_CACHE_DIR": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "VIRTUAL_ENV": "/opt/venv",
    "PATH": "/opt/venv/bin:$PATH",
}
_UV_ENV = {
    "UV_PROJECT_ENVIRONMENT": "/opt/venv",
    "UV_PYTHON": "/usr/local/bin/python3",
    "UV_PYTHON_DOWNLOADS": "never",
    "UV_COMPILE_BYTECODE": "1",
    "UV_SYSTEM_CERTS": "1",
    "UV_NO_CACHE": "1",
}
_POETRY_ENV = {"POETRY_VIRTUALENVS_CREATE": "false", "POETRY_CACHE_DIR": "/tmp/poetry"}
_ROUTED = "# Only the preview's router and its other services can connect: what they say of a client is true."
_USER = "app"


def application(files: Files, ask: Ask) -> Application:
    """The project as an image. Raises UnbuildableError."""
    document = project.pyproject(files)
    version = python_version(files, document)
    found = project.read(files, version)
    made = modules.find(files)
    starts = (*procfile.starts(files), *entry.starts(files, found, made))
    text = _dockerfile(found, version, made, starts, ask)
    return Application("Python", text, starts, entry.LOOKED_FOR, entry.EXAMPLE)


def _dockerfile(
    found: Project, version: Version, made: tuple[modules.Made, ...], starts: tuple[Start, ...], ask: Ask
) -> str:
    source = dockerfile.source(_USER)
    early = [*dockerfile.copies(found.files, _USER), f"RUN {found.install}"] if found.files else []
    late = [] if found.files else [f"RUN {found.install}"]
    return dockerfile.render(
        [
            [dockerfile.header(f"Python from {found.source}")],
            [f"FROM python:{version[0]}.{version[1]}-slim", dockerfile.env(_environment(found, made))],
            [_ROUTED, "ENV FORWARDED_ALLOW_IPS=*"],
            _root(found),
            [f"USER {_USER}", "WORKDIR /app", "RUN python -m venv /opt/venv"],
            [CACHED, *early] if early else [],
            [*([WHOLE] if late else []), source, *late, *([f"RUN {found.finish}"] if found.finish else [])],
            [*dockerfile.arguments(ask.arguments), *([dockerfile.run(ask.command)] if ask.command else [])],
            dockerfile.cmd(starts),
        ]
    )


def _environment(found: Project, made: tuple[modules.Made, ...]) -> dict[str, str]:
    tool = {} if not found.tool else _POETRY_ENV if found.tool == POETRY else _UV_ENV
    folder = f"{modules.SOURCE_FOLDER}/"
    imported = not found.is_installed and any(one.path.startswith(folder) for one in made)
    return {**_ENV, **tool, **({"PYTHONPATH": "/app/src"} if imported else {})}


def _root(found: Project) -> list[str]:
    """What only root can do, before the user is changed."""
    lines = system.install(system.packages(found.names, found.git))
    if found.tool == POETRY:
        lines.append(f"RUN python -m venv /opt/poetry && /opt/poetry/bin/pip install {POETRY}")
    elif found.tool:
        lines.append(f"RUN pip install {found.tool}")
    made = f"install --directory --owner={_USER} --group={_USER} /app /opt/venv"
    return [*lines, f"RUN useradd --create-home --uid {UID} {_USER} && {made}"]
