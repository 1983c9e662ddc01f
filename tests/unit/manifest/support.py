"""One valid manifest, and what changing one thing of it does."""

from __future__ import annotations

from galley_iac.errors import InputError
from galley_iac.manifest import parse
from galley_iac.manifest.models import Manifest, Service

VALID = """\
version: 1
services:
  api:
    kind: api
    build: {path: ./api}
    expose: 8000
    env: {LOG_LEVEL: info}
    depends_on: [db]
    restart: always
    health: {path: /healthz}
    resources: {cpus: "0.5"}
  worker:
    kind: worker
    build: {path: ./api, start: run-worker}
    depends_on: [db]
  db:
    kind: database
    image: postgres:16-alpine
    ephemeral: true
"""


def changed(old: str, new: str) -> str:
    """VALID with ``old``, which must be there exactly once, replaced by ``new``."""
    assert VALID.count(old) == 1, f"{old!r} is in VALID {VALID.count(old)} times"
    return VALID.replace(old, new)


def problems(text: str) -> list[str]:
    """The problems of ``text`` as they are printed; none when it is right."""
    try:
        parse(text, "galley.yaml")
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []


def problem(old: str, new: str) -> str:
    """The one problem that the change makes."""
    (only,) = problems(changed(old, new))
    return only


def manifest(old: str = "version: 1", new: str = "version: 1") -> Manifest:
    """VALID, with one change."""
    return parse(changed(old, new), "galley.yaml").manifest


def service(name: str, old: str = "version: 1", new: str = "version: 1") -> Service:
    """One service of VALID, with one change."""
    return manifest(old, new).services[name]


def notices(old: str = "version: 1", new: str = "version: 1") -> list[str]:
    """What the author of VALID, with one change, is told."""
    return [str(notice) for notice in parse(changed(old, new), "galley.yaml").notices]
