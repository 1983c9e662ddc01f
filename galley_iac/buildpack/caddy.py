"""Files behind Caddy: the end of every Dockerfile of a static site."""

from __future__ import annotations

from galley_iac.buildpack.application import Role, Start
from galley_iac.buildpack.dockerfile import UID, cmd, copy

_CONFIG = "/etc/caddy/Caddyfile"
_ROOT = "/srv"
STARTS = (Start(Role.WEB, ("caddy", "run", "--config", _CONFIG), "a static site"),)


def served(
    folder: str, stage: str = "", single_page: bool = False, not_found: bool = False
) -> list[list[str]]:
    """Paragraphs of a Dockerfile: the files of ``folder`` (of ``stage``, else of the context) on ``$PORT``.

    ``single_page``: every path without a file is answered with index.html. ``not_found``: the site has a
    404.html.
    """
    return [
        ["FROM caddy:2-alpine"],
        [_written(_caddyfile(single_page, not_found))],
        ["ENV XDG_DATA_HOME=/tmp/data XDG_CONFIG_HOME=/tmp/config", f"USER {UID}:{UID}"],
        [copy([folder], f"{_ROOT}/", stage=stage)],
        cmd(STARTS),
    ]


def _caddyfile(single_page: bool, not_found: bool) -> list[str]:
    """Certificates and Caddy's own API are not for a site behind the preview's router."""
    candidates = "{path} {path}.html {path}/index.html" + (" /index.html" if single_page else "")
    missing = ["  handle_errors {", "    rewrite * /404.html", "    file_server", "  }"] if not_found else []
    return [
        *("{", "  admin off", "  auto_https off", "  persist_config off", "}"),
        *(":{$PORT:8080} {", f"  root * {_ROOT}", "  encode gzip", f"  try_files {candidates}"),
        *("  file_server {", "    hide .*", "  }", *missing, "}"),
    ]


def _written(lines: list[str]) -> str:
    """A RUN that writes the lines into Caddy's configuration; none of them has a quote in it."""
    texts = " \\\n    ".join(f"'{line}'" for line in lines)
    return f"RUN printf '%s\\n' \\\n    {texts} \\\n    > {_CONFIG}"
