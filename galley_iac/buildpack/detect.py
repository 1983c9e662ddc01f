"""Which language a context is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from galley_iac.buildpack import golang, node, python, static
from galley_iac.buildpack.application import Application, Ask, UnbuildableError
from galley_iac.buildpack.files import Files, folders, join, present

MARKERS = ("requirements.txt", "pyproject.toml", "go.mod", "package.json", "index.html")
"""The files that tell a language that a Dockerfile can be made for."""

_OTHERS = {
    "Gemfile": "Ruby",
    "composer.json": "PHP",
    "Cargo.toml": "Rust",
    "pom.xml": "Java",
    "build.gradle": "Java",
    "build.gradle.kts": "Java",
    "mix.exs": "Elixir",
    "deno.json": "Deno",
    "Pipfile": "Pipenv",
    "environment.yml": "Conda",
    "setup.py": "Python without requirements.txt or pyproject.toml",
    "main.py": "Python without requirements.txt or pyproject.toml",
    "app.py": "Python without requirements.txt or pyproject.toml",
    "main.go": "Go without go.mod",
    "server.js": "Node without package.json",
    "index.js": "Node without package.json",
}
_REMEDIES = {
    "Pipfile": "run `pipenv requirements > requirements.txt` and commit it",
    "main.py": "write a requirements.txt, which may be empty",
    "app.py": "write a requirements.txt, which may be empty",
    "setup.py": "write a requirements.txt with a line `.`",
    "main.go": "run `go mod init` and commit go.mod",
    "server.js": "run `npm init` and commit package.json",
    "index.js": "run `npm init` and commit package.json",
}


@dataclass(frozen=True)
class _Language:
    recognises: Callable[[Files], bool]
    application: Callable[[Files, Ask], Application]
    markers: tuple[str, ...]


_PYTHON = _Language(python.recognises, python.application, MARKERS[:2])
_GO = _Language(golang.recognises, golang.application, MARKERS[2:3])
_NODE = _Language(node.recognises, node.application, MARKERS[3:4])
_STATIC = _Language(static.recognises, static.application, MARKERS[4:])


def detect(files: Files, ask: Ask) -> Application:
    """What the context is and the Dockerfile that fits it.

    Raises UnbuildableError: what was looked for, what was found, and what to write.
    """
    found = [language for language in (_PYTHON, _GO, _NODE) if language.recognises(files)]
    if len(found) > 1 and _NODE in found and not node.matters(files):
        found.remove(_NODE)
    if len(found) > 1:
        raise _several(files, found, ask)
    if not found and not static.recognises(files):
        raise _nothing(files, ask)
    return (found[0] if found else _STATIC).application(files, ask)


def _several(files: Files, found: list[_Language], ask: Ask) -> UnbuildableError:
    markers = [path for language in found for path in present(files, *language.markers)]
    rule = f"`{ask.path}` is in several languages: found {', '.join(markers)}"
    remedy = "give each its own folder and name that in `build.path`, or write a Dockerfile"
    return UnbuildableError.one("path", rule, remedy)


def _nothing(files: Files, ask: Ask) -> UnbuildableError:
    others = present(files, *_OTHERS)
    named = ", ".join(f"{path} ({_OTHERS[path]})" for path in others) or "none of them"
    below = list(_below(files))
    rule = (
        f"`{ask.path}` has no Dockerfile and is in no known language: "
        f"looked for {', '.join(MARKERS)}; found {named}"
    )
    if below:
        listed = ", ".join(below)
        folder = below[0].rpartition("/")[0]
        return UnbuildableError.one(
            "path", f"{rule}; below it {listed}", f"write `build.path: {ask.inside(folder)}`"
        )
    remedy = _REMEDIES.get(others[0], "") if others else ""
    return UnbuildableError.one(
        "path", rule, remedy or "write a Dockerfile, or name one with `build.dockerfile`"
    )


def _below(files: Files) -> Iterator[str]:
    """Markers one folder down: the wrong folder is the likeliest mistake."""
    for folder in folders(files):
        yield from present(files, *(join(folder, marker) for marker in ("Dockerfile", *MARKERS)))
