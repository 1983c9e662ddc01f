"""What a Node project starts, or that it is a front end with nothing to start."""

from __future__ import annotations

from collections.abc import Iterator

from galley_iac.buildpack.application import Refusal, Role, Start
from galley_iac.buildpack.files import Files, is_plain, present, text
from galley_iac.buildpack.node.frontend import FrontEnd
from galley_iac.buildpack.node.manager import Manager
from galley_iac.buildpack.node.package import NAME, Package
from galley_iac.manifest.command import CommandError, argv

LOOKED_FOR = f"a Procfile, `start` and `main` in {NAME}, Next.js, server.js, index.js, app.js, main.js"
EXAMPLE = "node server.js"
_ENDINGS = ("js", "mjs", "cjs")
_FILES = tuple(f"{name}.{ending}" for name in ("server", "index", "app", "main") for ending in _ENDINGS)
_SERVER_FILES = _FILES[: len(_ENDINGS)]
_DEVELOPMENT = {
    "vite": ("", "dev", "serve"),
    "react-scripts": ("start",),
    "ng": ("serve",),
    "vue-cli-service": ("serve",),
    "astro": ("", "dev"),
    "gatsby": ("develop",),
    "parcel": ("", "serve"),
    "docusaurus": ("start",),
    "next": ("", "dev"),
    "nuxt": ("", "dev"),
    "webpack": ("serve",),
    "webpack-dev-server": ("",),
}
"""Programs and their subcommands that serve a front end to its developer only."""

_BUILT_SERVERS = {
    "nuxt": ("node", ".output/server/index.mjs"),
    "@astrojs/node": ("node", "dist/server/entry.mjs"),
    "@sveltejs/adapter-node": ("node", "build"),
}
"""Dependencies whose build leaves a server behind."""


def starts(files: Files, package: Package, manager: Manager, front_end: FrontEnd | None) -> Iterator[Start]:
    """Every start command that the project's own files tell, in order of preference.

    A front end's main.js is for the browser, and an exported Next.js cannot serve itself.
    """
    exported = front_end is not None and front_end.tool == "next"
    develops = _develops(package.start)
    if package.start and not develops and not exported:
        yield Start(Role.ANY, _script(package, manager), f"`start` in {NAME}")
    if "next" in package.dependencies and not exported:
        yield Start(Role.ANY, ("next", "start"), "Next.js")
    for name, words in _BUILT_SERVERS.items():
        if name in package.dependencies:
            yield Start(Role.ANY, words, name)
    main = text(package.document, "main").removeprefix("./")
    if is_plain(main) and (files.exists(main) or (package.build and "/" in main)):
        yield Start(Role.ANY, ("node", main), f"`main` in {NAME}")
    for path in present(files, *(_SERVER_FILES if front_end else _FILES))[:1]:
        yield Start(Role.ANY, ("node", path), path)
    if develops:
        rule = f"`start` in {NAME} is a development server: `{package.start[:60]}`"
        remedy = f"write `build.start: {EXAMPLE}` with what serves the built application"
        yield Start(Role.ANY, (), f"`start` in {NAME}", Refusal("start", rule, remedy))


def _develops(script: str) -> bool:
    program, *others = [word for word in script.split() if word not in ("npx", "yarn", "pnpm")] or [""]
    subcommand = next((word for word in others if not word.startswith("-")), "")
    return subcommand in _DEVELOPMENT.get(program, ())


def _script(package: Package, manager: Manager) -> tuple[str, ...]:
    """The script itself where it needs nothing of its manager's, so that the program gets the signals."""
    managed = (*manager.run, "start")
    hooks = {"prestart", "poststart"} & package.scripts.keys()
    if hooks or "npm_" in package.start or manager.hides:
        return managed
    try:
        return argv(package.start)
    except CommandError:
        return managed
