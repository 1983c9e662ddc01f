"""How a Python project is installed: by which tool, from which files, and whether that needs the source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from galley_iac.buildpack.application import UnbuildableError
from galley_iac.buildpack.files import Files, is_plain, present, read_toml, table
from galley_iac.buildpack.python import requirements
from galley_iac.buildpack.python.requirements import Requirements, normalised

REQUIREMENTS = "requirements.txt"
PYPROJECT = "pyproject.toml"
UV_LOCK, POETRY_LOCK = "uv.lock", "poetry.lock"
UV, POETRY = "uv==0.13.9", "poetry==2.5.1"
_CERTIFICATES = "REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt"
"""The system's certificate authorities, as for pip and uv: a company's proxy may have its own."""

_LOCKED = re.compile(r'^name = "([^"\n]+)"', re.MULTILINE)
_DEPENDENCIES = (
    "import tomllib; "
    "print(*tomllib.load(open('pyproject.toml', 'rb'))['project'].get('dependencies', []), sep='\\n')"
)
_FIRST_WITH_TOMLLIB = (3, 11)


@dataclass(frozen=True)
class Project:
    """One project's installation.

    ``files`` are copied before the source, ``install`` runs after them; where ``files`` is empty,
    installing needs the whole source. ``finish`` runs when the source is there. ``tool`` is installed
    beside the application.
    """

    source: str
    names: frozenset[str]
    files: tuple[str, ...]
    install: str
    finish: str = ""
    tool: str = ""
    git: bool = False
    document: Any = None

    @property
    def is_installed(self) -> bool:
        """Whether the project itself is, with the scripts that it declares."""
        return bool(self.finish)


def recognises(files: Files) -> bool:
    """Whether the context is a Python project; a pyproject.toml that only configures tools makes none."""
    return files.exists(REQUIREMENTS) or _is_project(pyproject(files))


def read(files: Files, python: tuple[int, ...]) -> Project:
    """The project; UnbuildableError when two lock files contradict each other."""
    document = pyproject(files)
    locks = present(files, UV_LOCK, POETRY_LOCK) if _is_project(document) else ()
    if len(locks) > 1:
        rule = f"{UV_LOCK} and {POETRY_LOCK} are both there"
        raise UnbuildableError.one("path", rule, "keep the one that is up to date and remove the other")
    if locks:
        return _uv(files, document) if locks == (UV_LOCK,) else _poetry(files, document)
    if files.exists(REQUIREMENTS):
        return _pip(files, document)
    if table(document, "project"):
        return _pip_project(document, python)
    remedy = "run `poetry lock` and commit poetry.lock, so that every build installs the same"
    raise UnbuildableError.one("path", f"{PYPROJECT} is Poetry's, but there is no {POETRY_LOCK}", remedy)


def pyproject(files: Files) -> dict[str, Any]:
    """pyproject.toml; empty where there is none."""
    return read_toml(files, PYPROJECT) if files.exists(PYPROJECT) else {}


def _is_project(document: dict[str, Any]) -> bool:
    return bool(table(document, "project") or table(document, "tool", "poetry"))


def _pip(files: Files, document: dict[str, Any]) -> Project:
    found = requirements.read(files, REQUIREMENTS)
    split = not found.local and all(map(is_plain, found.files))
    return Project(
        source=REQUIREMENTS,
        names=found.names,
        files=found.files if split else (),
        install=f"pip install --requirement {REQUIREMENTS}",
        git=found.git,
        document=document,
    )


def _pip_project(document: dict[str, Any], python: tuple[int, ...]) -> Project:
    """Without a lock: the declared dependencies first, so that they are a layer of their own."""
    found = requirements.of(_strings(table(document, "project").get("dependencies")))
    split = not found.local and "dependencies" not in _strings(table(document, "project").get("dynamic"))
    reading = (
        _DEPENDENCIES
        if python >= _FIRST_WITH_TOMLLIB
        else _DEPENDENCIES.replace("import tomllib", "import pip._vendor.tomli as tomllib")
    )
    listed = (
        f'python -c "{reading}" > /tmp/requirements.txt && pip install --requirement /tmp/requirements.txt'
    )
    builds = "build-system" in document
    return Project(
        source=PYPROJECT,
        names=found.names,
        files=(PYPROJECT,) if split else (),
        install=listed if split else "pip install .",
        finish="pip install --no-deps ." if split and builds else "",
        git=found.git,
        document=document,
    )


def _uv(files: Files, document: dict[str, Any]) -> Project:
    """uv installs a project itself only when it has a build system."""
    tool = table(document, "tool", "uv")
    elsewhere = "workspace" in tool or any(
        "path" in table(source) for source in table(tool, "sources").values()
    )
    package = tool.get("package", "build-system" in document)
    sync = "uv sync --locked --no-dev"
    if elsewhere:
        return _with_lock(files, document, UV_LOCK, (), sync, "", UV)
    finish = sync if package else ""
    return _with_lock(
        files, document, UV_LOCK, (PYPROJECT, UV_LOCK), f"{sync} --no-install-project", finish, UV
    )


def _poetry(files: Files, document: dict[str, Any]) -> Project:
    install = f"{_CERTIFICATES} /opt/poetry/bin/poetry install --only main --no-interaction"
    if _names_folders(document):
        return _with_lock(files, document, POETRY_LOCK, (), f"{install} --no-root", "", POETRY)
    finish = install if _poetry_installs_itself(files, document) else ""
    return _with_lock(
        files, document, POETRY_LOCK, (PYPROJECT, POETRY_LOCK), f"{install} --no-root", finish, POETRY
    )


def _names_folders(document: dict[str, Any]) -> bool:
    """Whether a dependency of Poetry's lies in a folder, which has to be there when it is installed."""
    poetry = table(document, "tool", "poetry")
    groups = [poetry, *table(poetry, "group").values()]
    dependencies = (entry for group in groups for entry in table(group, "dependencies").values())
    return any("path" in table(entry) for entry in dependencies)


def _poetry_installs_itself(files: Files, document: dict[str, Any]) -> bool:
    """Poetry fails where it is to install a package whose folder is missing, as in most applications."""
    poetry = table(document, "tool", "poetry")
    if poetry.get("package-mode") is False:
        return False
    name = poetry.get("name") or table(document, "project").get("name")
    folder = normalised(str(name or "")).replace("-", "_")
    places = (f"{folder}/__init__.py", f"src/{folder}/__init__.py", f"{folder}.py")
    return "packages" in poetry or bool(folder and present(files, *places))


def _with_lock(
    files: Files,
    document: dict[str, Any],
    lock: str,
    early: tuple[str, ...],
    install: str,
    finish: str,
    tool: str,
) -> Project:
    content = files.read(lock)
    names = frozenset(map(normalised, _LOCKED.findall(content)))
    found = Requirements(names=names, git="git+" in content or 'type = "git"' in content)
    return Project(lock, found.names, early, install, finish, tool, found.git, document)


def _strings(value: object) -> list[str]:
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []
