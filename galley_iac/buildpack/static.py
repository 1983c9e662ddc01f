"""A static site that needs no building."""

from __future__ import annotations

from galley_iac.buildpack import caddy, dockerfile
from galley_iac.buildpack.application import Application, Ask, UnbuildableError
from galley_iac.buildpack.files import TOP, Files, present

INDEX = "index.html"
FOLDERS = ("public", "dist", "build", "out", "site", "www", "_site", "html")


def recognises(files: Files) -> bool:
    """Whether there is an index.html where one is looked for."""
    return bool(_roots(files))


def application(files: Files, ask: Ask) -> Application:
    """The site as an image. Raises UnbuildableError when it cannot be told which folder is the site."""
    roots = _roots(files)
    root = roots[0]
    if root != TOP and len(roots) > 1:
        rule = f"several folders have an {INDEX}: {', '.join(roots)}"
        raise UnbuildableError.one(
            "path", rule, f"name the one that is the site: `build.path: {ask.inside(root)}`"
        )
    if ask.command:
        rule = "`command` has nothing to run in: there is only a static site"
        raise UnbuildableError.one("command", rule, "remove it, or add the package.json that it needs")
    folder = "." if root == TOP else f"{root}/"
    not_found = files.exists("404.html" if root == TOP else f"{root}/404.html")
    text = dockerfile.render(
        [[dockerfile.header("A static site")], *caddy.served(folder, not_found=not_found)]
    )
    return Application("static", text, caddy.STARTS, INDEX, "caddy run --config /etc/caddy/Caddyfile")


def _roots(files: Files) -> tuple[str, ...]:
    top = (TOP,) if files.exists(INDEX) else ()
    return (
        *top,
        *(path.rpartition("/")[0] for path in present(files, *(f"{name}/{INDEX}" for name in FOLDERS))),
    )
