"""An application → its folder: galley.yaml, compose.yaml, Dockerfiles, and all that a build reads."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import yaml

from bench.application import Application, Bulk, Service

MARK = "bench-mark.txt"
_IGNORED = "galley*.yaml\ncompose*.yaml\n"
_PER_FOLDER = 500
_OFTEN = "500ms"
"""How often a contender that checks health by itself does so: seldom enough to be cheap, often enough not to
count as waiting.
"""


def galley_yaml(application: Application) -> str:
    """The application as a galley.yaml."""
    services = {service.name: _galley_service(service) for service in application.services}
    return _text({"version": 1, "services": services})


def compose_yaml(application: Application, mark: str) -> str:
    """The same for compose. Images are named by the ``mark``, so that a second project finds them there."""
    jobs = application.jobs
    services = {service.name: _compose_service(service, jobs, mark) for service in application.services}
    return _text({"services": services})


def marked(dockerfile: str, mark: str) -> str:
    """A Dockerfile whose every step has another key in any builder's cache than it has with another mark."""
    step = f"COPY {MARK} /{mark}.txt"
    lines = dockerfile.splitlines()
    return "\n".join(f"{line}\n{step}" if line.startswith("FROM ") else line for line in lines) + "\n"


def write(application: Application, folder: Path, mark: str, seed: int) -> None:
    """Makes the folder with all of it; ``seed`` decides what is in files without meaning."""
    if application.template:
        shutil.copytree(application.template, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in application.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if application.bulk:
        _write_bulk(application.bulk, folder, seed)
    for context in application.contexts:
        _mark(folder / context, mark)
    describe(application, folder, mark)
    # Without it the repository would be whichever lies above the temporary folder.
    (folder / ".git").mkdir()


def describe(application: Application, folder: Path, mark: str) -> None:
    """Writes both descriptions, over those that are there."""
    (folder / "galley.yaml").write_text(galley_yaml(application), encoding="utf-8")
    (folder / "compose.yaml").write_text(compose_yaml(application, mark), encoding="utf-8")


def touch(path: Path, number: int) -> None:
    """Changes a file's content, in a way that every language here takes for a comment."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"# change {number}\n")


def _mark(context: Path, mark: str) -> None:
    dockerfile, ignore = context / "Dockerfile", context / ".dockerignore"
    dockerfile.write_text(marked(dockerfile.read_text(encoding="utf-8"), mark), encoding="utf-8")
    (context / MARK).write_text(f"{mark}\n", encoding="utf-8")
    before = ignore.read_text(encoding="utf-8") if ignore.is_file() else ""
    ignore.write_text(f"{before}.git\n{_IGNORED}", encoding="utf-8")


def _write_bulk(bulk: Bulk, folder: Path, seed: int) -> None:
    """Random bytes: what could be compressed would make sending it look cheap."""
    chance = random.Random(seed)
    each = bulk.size // bulk.files
    for number in range(bulk.files):
        path = folder / bulk.folder / f"{number // _PER_FOLDER:03}" / f"{number:06}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chance.randbytes(each))


def _galley_service(service: Service) -> dict[str, Any]:
    build = {"path": f"./{service.build}"} | ({"start": service.command} if service.command else {})
    return _without_empty(
        kind=service.kind,
        image=service.image,
        build=build if service.build else None,
        restart="never" if service.job else "",
        expose=service.port,
        depends_on=list(service.depends_on),
        env=dict(service.env),
        health={"path": service.path, "status": 200} if service.path else None,
    )


def _compose_service(service: Service, jobs: frozenset[str], mark: str) -> dict[str, Any]:
    return _without_empty(
        image=service.image or f"{mark}-{service.name}",
        build=f"./{service.build}" if service.build else "",
        command=service.command,
        restart="no" if service.job else "unless-stopped",
        ports=[f"127.0.0.1::{service.port}"] if service.path else None,
        expose=[str(service.port)] if service.port and not service.path else None,
        depends_on={name: {"condition": _condition(name in jobs)} for name in service.depends_on},
        environment=dict(service.env),
        healthcheck=_healthcheck(service),
    )


def _condition(job: bool) -> str:
    return "service_completed_successfully" if job else "service_healthy"


def _healthcheck(service: Service) -> dict[str, Any] | None:
    if not service.test:
        return None
    return {"test": ["CMD", *service.test], "interval": _OFTEN, "timeout": "5s", "retries": 240}


def _without_empty(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _text(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
