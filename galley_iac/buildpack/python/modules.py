"""Which module of a Python project makes its application: read from the source by pattern, never imported.

By pattern and not by syntax tree, since the project may be written for a newer Python than Galley runs on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from galley_iac.buildpack.files import Files, walk

SOURCE_FOLDER = "src"
_DEPTH = 3
_SKIPPED = frozenset(
    {"tests", "test", "docs", "examples", "migrations", "alembic", "scripts", "node_modules", "venv"}
)
_MODULE = re.compile(r"(?:[A-Za-z_][A-Za-z0-9_]*/)*[A-Za-z_][A-Za-z0-9_]*\.py")
_TEST = re.compile(r"(?:^|/)(?:test_\w+|\w+_test|conftest|setup)\.py$")
_MADE = re.compile(
    r"^([A-Za-z_]\w*)[ \t]*(?::[^\n=]*)?=[ \t]*(?:\w+\.)?(FastAPI|Flask|Celery)\(", re.MULTILINE
)
_FACTORY = re.compile(r"^def ((?:create|make)_app)\(", re.MULTILINE)
_MAKES = re.compile(r"\b(FastAPI|Flask)\(")
_FILES = ("main", "app", "asgi", "wsgi", "server", "api", "application", "__init__")
_WORKER_FILES = ("celery", "celery_app", "celeryapp", "worker", "tasks", *_FILES)
_ATTRIBUTES = ("app", "application", "api", "celery", "celery_app")


@dataclass(frozen=True)
class Made:
    """An application object: ``attribute`` of the module in ``path``, or what the function of that name
    returns.
    """

    framework: str
    path: str
    attribute: str
    factory: bool = False

    @property
    def target(self) -> str:
        """``module:attribute``, as seen from the folder that the source is imported from."""
        path = self.path.removeprefix(f"{SOURCE_FOLDER}/").removesuffix(".py").removesuffix("/__init__")
        return f"{path.replace('/', '.')}:{self.attribute}"

    @property
    def rank(self) -> tuple[int, int]:
        """How likely it is the one to start: first those nearest to the top, then by the file's name."""
        path = self.path.removeprefix(f"{SOURCE_FOLDER}/")
        stem = path.rpartition("/")[2].removesuffix(".py")
        order = _WORKER_FILES if self.framework == "Celery" else _FILES
        return path.count("/") - (stem == "__init__"), _position(stem, order)


def find(files: Files) -> tuple[Made, ...]:
    """Every application that a module of the project makes; tests, examples and migrations are not looked
    at.
    """
    paths = (
        path for path in walk(files, _DEPTH, _SKIPPED) if _MODULE.fullmatch(path) and not _TEST.search(path)
    )
    return tuple(made for path in paths for made in _made_in(path, files.read(path)))


def best(made: Sequence[Made]) -> tuple[Made, ...]:
    """The likeliest; more than one where several files are equally likely."""
    if not made:
        return ()
    top = min(one.rank for one in made)
    ranked = sorted(
        (one for one in made if one.rank == top),
        key=lambda one: (_position(one.attribute, _ATTRIBUTES), one.path),
    )
    by_file = {one.path: one for one in reversed(ranked)}
    return tuple(by_file[path] for path in sorted(by_file))


def _made_in(path: str, source: str) -> Iterator[Made]:
    found = _MADE.findall(source)
    for attribute, framework in found:
        yield Made(framework, path, attribute)
    makes, factory = _MAKES.search(source), _FACTORY.search(source)
    if makes and factory and not any(framework != "Celery" for _, framework in found):
        yield Made(makes[1], path, factory[1], factory=True)


def _position(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)
