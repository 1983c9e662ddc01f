"""Which package manager, which version of it, and from which files it installs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from galley_iac.buildpack.application import UnbuildableError
from galley_iac.buildpack.files import Files, is_plain, present, table, text, walk
from galley_iac.buildpack.node.package import NAME, Package

_LOCKS = {
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "bun.lock": "bun",
    "bun.lockb": "bun",
}
_SUPPORTED = ("npm", "pnpm", "yarn")
_PACKAGE_MANAGER = re.compile(r"([a-z]+)@(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)(?:\+.*)?")
_CONFIGURATION = {
    "npm": (".npmrc",),
    "pnpm": (".npmrc", "pnpm-workspace.yaml", ".pnpmfile.cjs"),
    "yarn": (".npmrc", ".yarnrc", ".yarnrc.yml"),
}
_PNPM_BY_LOCK = {"5": "7", "6": "8", "9": "9"}
"""The major version that writes each version of pnpm-lock.yaml."""

_PNPM_LOCK_VERSION = re.compile(r"^lockfileVersion: *'?(\d+)", re.MULTILINE)
_YARN_CLASSIC, _YARN_MODERN = "1.22.22", "4"
_INSTALL_SCRIPTS = ("preinstall", "install", "postinstall", "prepare")
_NEEDS_NO_SOURCE = re.compile(r"husky(?: install)?(?: \|\| (?:true|exit 0))?")
_LOCAL = ("file:", "link:", "portal:", "patch:")
_DEPTH = 4


@dataclass(frozen=True)
class Manager:
    """One package manager.

    ``setup`` installs it, empty where the base image has it. ``files`` are copied before the source; none:
    installing needs the source. ``hides``: only it knows where the packages are, so that scripts have to be
    started by it.
    """

    name: str
    setup: str
    install: str
    files: tuple[str, ...]
    hides: bool

    @property
    def run(self) -> tuple[str, ...]:
        """How a script of package.json is started."""
        return self.name, "run"


def choose(files: Files, package: Package) -> Manager:
    """The manager that the lock file belongs to, or that package.json names. Raises UnbuildableError."""
    name, version = _named(package)
    locks = present(files, *_LOCKS)
    name = name or _of_locks(locks)
    if name not in _SUPPORTED:
        rule = f"{name} is not known here: looked for {', '.join(_SUPPORTED)}"
        raise UnbuildableError.one("path", rule, "install with one of these, or write a Dockerfile")
    own_locks = tuple(lock for lock in locks if _LOCKS[lock] == name)
    early = () if _needs_source(files, package) else _early(files, package, name, own_locks)
    setup, install = _commands(files, name, version, bool(own_locks))
    hides = name == "yarn" and _is_modern_yarn(files, version)
    return Manager(name, setup, install, early, hides)


def _named(package: Package) -> tuple[str, str]:
    match = _PACKAGE_MANAGER.fullmatch(text(package.document, "packageManager"))
    return (match[1], match[2]) if match else ("", "")


def _of_locks(locks: tuple[str, ...]) -> str:
    managers = sorted({_LOCKS[lock] for lock in locks})
    if len(managers) > 1:
        rule = f"lock files of several package managers are there: {', '.join(locks)}"
        remedy = f'keep the one in use, or name its manager in {NAME}: `"packageManager": "pnpm@9.15.0"`'
        raise UnbuildableError.one("path", rule, remedy)
    return managers[0] if managers else "npm"


def _commands(files: Files, name: str, version: str, locked: bool) -> tuple[str, str]:
    """How the manager gets in, and how it installs exactly what its lock file says."""
    if name == "npm":
        how = "ci" if locked else "install"
        setup = f"npm install --global npm@{version}" if version else ""
        return setup, f"npm {how} --no-audit --no-fund && npm cache clean --force"
    if name == "pnpm":
        setup = f"npm install --global pnpm@{version or _pnpm_version(files)}"
        return setup, " ".join(("pnpm install", *(["--frozen-lockfile"] if locked else [])))
    if _is_modern_yarn(files, version):
        setup = f"npm install --global --force @yarnpkg/cli-dist@{version or _YARN_MODERN}"
        return setup, " ".join(("yarn install", *(["--immutable"] if locked else [])))
    setup = f"npm install --global --force yarn@{version or _YARN_CLASSIC}"
    frozen = ["--frozen-lockfile"] if locked else []
    return setup, " ".join(("yarn install", *frozen, "&& yarn cache clean"))


def _is_modern_yarn(files: Files, version: str) -> bool:
    """Whether it is Yarn 2 or later, which may run without a node_modules folder."""
    if version:
        return not version.startswith(("0.", "1."))
    return files.exists(".yarnrc.yml") or (
        files.exists("yarn.lock") and "__metadata:" in files.read("yarn.lock")
    )


def _pnpm_version(files: Files) -> str:
    match = (
        _PNPM_LOCK_VERSION.search(files.read("pnpm-lock.yaml")) if files.exists("pnpm-lock.yaml") else None
    )
    return _PNPM_BY_LOCK.get(match[1], "9") if match else "9"


def _early(files: Files, package: Package, name: str, locks: tuple[str, ...]) -> tuple[str, ...]:
    """What installing reads: nothing else, so that a push of source alone installs nothing again."""
    found = (NAME, *locks, *present(files, *_CONFIGURATION[name]))
    if not ("workspaces" in package.document or "pnpm-workspace.yaml" in found):
        return found
    members = [path for path in walk(files, _DEPTH, frozenset({"node_modules"})) if path.endswith(f"/{NAME}")]
    return (*found, *members) if all(map(is_plain, members)) else ()


def _needs_source(files: Files, package: Package) -> bool:
    """Whether something that runs or is copied while installing lies in the source."""
    scripts = (package.scripts[name] for name in _INSTALL_SCRIPTS if name in package.scripts)
    if any(not _NEEDS_NO_SOURCE.fullmatch(script) for script in scripts):
        return True
    local = any(version.startswith(_LOCAL) for version in package.dependencies.values())
    patched = table(package.document, "pnpm", "patchedDependencies")
    return local or bool(patched) or bool(files.list(".yarn"))
