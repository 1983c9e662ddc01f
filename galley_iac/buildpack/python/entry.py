"""What a Python project starts: Django, FastAPI, Flask, Celery, a declared script, a main file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from galley_iac.buildpack.application import Refusal, Role, Start
from galley_iac.buildpack.files import Files, present, table
from galley_iac.buildpack.python import django, servers
from galley_iac.buildpack.python.modules import Made, best
from galley_iac.buildpack.python.project import Project

LOOKED_FOR = (
    "a Procfile, manage.py, a module that makes a `FastAPI()`, `Flask()` or `Celery()`, "
    "the one script of pyproject.toml, main.py, app.py, server.py, worker.py"
)
EXAMPLE = "python main.py"
_FILES = ((("main.py", "app.py", "server.py"), Role.ANY), (("worker.py",), Role.WORKER))
_SCRIPT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_START = {
    "FastAPI": "uvicorn --host 0.0.0.0 --port $PORT {}",
    "Flask": "gunicorn --bind 0.0.0.0:$PORT {}",
    "Celery": "celery --app {} worker",
}


def starts(files: Files, project: Project, made: Sequence[Made]) -> Iterator[Start]:
    """Every start command that the project's own files tell, in order of preference."""
    yield from django.starts(files, project.names)
    yield from _served([one for one in made if one.framework != "Celery"], project.names)
    yield from _declared(project)
    yield from _worked([one for one in made if one.framework == "Celery"])
    served = {one.path for one in made}
    for names, role in _FILES:
        for path in [path for path in present(files, *names) if path not in served][:1]:
            yield Start(role, ("python", path), path)


def _served(made: Sequence[Made], names: frozenset[str]) -> Iterator[Start]:
    """An object that is there already comes before a function that would make one."""
    likeliest = best([one for one in made if not one.factory] or made)
    if len(likeliest) > 1:
        yield _doubt(Role.WEB, likeliest)
    elif likeliest:
        yield servers.start(likeliest[0], names)


def _worked(made: Sequence[Made]) -> Iterator[Start]:
    likeliest = best(made)
    if len(likeliest) > 1:
        yield _doubt(Role.WORKER, likeliest)
    elif likeliest:
        words = ("celery", "--app", likeliest[0].target, "worker", "--loglevel", "info")
        yield Start(Role.WORKER, words, f"Celery in {likeliest[0].path}")


def _doubt(role: Role, made: Sequence[Made]) -> Start:
    first = made[0]
    listed = ", ".join(f"`{one.target}`" for one in made)
    example = _START[first.framework].format(first.target)
    rule = f"several modules make a {first.framework} application: {listed}"
    remedy = f"write the one that is meant, such as `build.start: {example}`"
    return Start(role, (), f"several of {first.framework}", Refusal("start", rule, remedy))


def _declared(project: Project) -> Iterator[Start]:
    """The one script of an installed project; of several none can be told to be the one."""
    document = project.document
    names = {**table(document, "project", "scripts"), **table(document, "tool", "poetry", "scripts")}
    if project.is_installed and len(names) == 1:
        name = next(iter(names))
        if _SCRIPT_NAME.fullmatch(name):
            yield Start(Role.ANY, (name,), f"`{name}` in pyproject.toml")
