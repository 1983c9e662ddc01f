"""Front ends: what builds them, and in which folder the result lies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from galley_iac.buildpack.application import UnbuildableError
from galley_iac.buildpack.files import Files, is_plain, present
from galley_iac.buildpack.node.package import NAME, Package


@dataclass(frozen=True)
class FrontEnd:
    """``folder`` holds the built site. ``single_page``: paths without a file are the application's own."""

    tool: str
    folder: str
    single_page: bool


_TOOLS = (
    FrontEnd("react-scripts", "build", True),
    FrontEnd("@vue/cli-service", "dist", True),
    FrontEnd("gatsby", "public", False),
    FrontEnd("@docusaurus/core", "build", False),
    FrontEnd("@11ty/eleventy", "_site", False),
    FrontEnd("astro", "dist", False),
    FrontEnd("parcel", "dist", True),
    FrontEnd("vite", "dist", True),
)
"""In this order, since several of them bring vite along."""

_RENDER_ON_A_SERVER = frozenset(
    {
        "@sveltejs/kit",
        "@react-router/dev",
        "@remix-run/dev",
        "@solidjs/start",
        "@tanstack/react-start",
        "vike",
    }
)
_CONFIGS = ("js", "mjs", "cjs", "ts", "mts")
_NEXT_EXPORT = re.compile(r"""\boutput\s*:\s*["']export["']""")
_NEXT_FOLDER = re.compile(r"""\bdistDir\s*:\s*["']([^"'\n]+)["']""")
_VITE_FOLDER = re.compile(r"""\boutDir\s*:\s*["']([^"'\n]+)["']""")


def find(files: Files, package: Package) -> FrontEnd | None:
    """The front end that package.json describes; None where it is a server, or unknown."""
    if "next" in package.dependencies:
        config = _config(files, "next.config")
        return (
            FrontEnd("next", _folder(_NEXT_FOLDER, config, "out"), False)
            if _NEXT_EXPORT.search(config)
            else None
        )
    if _RENDER_ON_A_SERVER & package.dependencies.keys():
        return None
    for known in _TOOLS:
        if known.tool in package.dependencies:
            config = _config(files, "vite.config") if known.tool == "vite" else ""
            return FrontEnd(known.tool, _folder(_VITE_FOLDER, config, known.folder), known.single_page)
    return None


def checked(front_end: FrontEnd, package: Package, command: str | None) -> FrontEnd:
    """The same; UnbuildableError where nothing builds it."""
    if command or package.build:
        return front_end
    rule = f"{front_end.tool} is among the dependencies, but {NAME} has no script `build`"
    raise UnbuildableError.one(
        "command", rule, f"add one, or write `build.command: npx {front_end.tool} build`"
    )


def _config(files: Files, stem: str) -> str:
    found = present(files, *(f"{stem}.{ending}" for ending in _CONFIGS))
    return files.read(found[0]) if found else ""


def _folder(pattern: re.Pattern[str], config: str, default: str) -> str:
    match = pattern.search(config)
    folder = match[1].removeprefix("./").rstrip("/") if match else default
    return folder if is_plain(folder) else default
