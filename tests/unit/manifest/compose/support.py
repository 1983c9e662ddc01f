"""One valid compose file, and what changing one thing of it does."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from galley_iac.errors import InputError
from galley_iac.manifest import Parsed
from galley_iac.manifest.compose import parse_compose
from galley_iac.manifest.models import Service

VALID = """\
services:
  web:
    build: ./web
    ports: ["8080:80"]
    environment: {A: "1"}
    depends_on: [db]
    restart: always
  worker:
    build: ./web
    command: run-worker
  db:
    image: postgres:16
    volumes: [pg:/var/lib/postgresql/data]
volumes: {pg: }
"""


def changed(old: str, new: str) -> str:
    """VALID with ``old``, which must be there exactly once, replaced by ``new``."""
    assert VALID.count(old) == 1, f"{old!r} is in VALID {VALID.count(old)} times"
    return VALID.replace(old, new)


def read(text: str, files: Mapping[str, str] | None = None, profiles: Collection[str] = ()) -> Parsed:
    """What the file means; ``files`` are the others that it may name."""
    return parse_compose(text, "compose.yaml", (files or {}).get, profiles)


def problems(text: str, files: Mapping[str, str] | None = None, profiles: Collection[str] = ()) -> list[str]:
    """The problems as they are printed; none when the file is right."""
    try:
        read(text, files, profiles)
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []


def problem(old: str, new: str, files: Mapping[str, str] | None = None) -> str:
    """The one problem that the change makes."""
    (only,) = problems(changed(old, new), files)
    return only


def notices(old: str, new: str, files: Mapping[str, str] | None = None) -> list[str]:
    """What is said not to be carried over after the change."""
    return [str(notice) for notice in read(changed(old, new), files).notices]


def notice(old: str, new: str, files: Mapping[str, str] | None = None) -> str:
    """The one notice that the change makes."""
    (only,) = notices(old, new, files)
    return only


def service(
    name: str, old: str = "services:\n", new: str = "services:\n", files: Mapping[str, str] | None = None
) -> Service:
    """One service, after the change."""
    return read(changed(old, new), files).manifest.services[name]
