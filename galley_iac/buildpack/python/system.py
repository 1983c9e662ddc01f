"""Debian packages that a few widely used Python packages are built with, and that the slim image has not."""

from __future__ import annotations

_COMPILER = ("gcc", "libc6-dev")
_NEEDED = {
    "psycopg2": (*_COMPILER, "libpq-dev"),
    "mysqlclient": (*_COMPILER, "default-libmysqlclient-dev", "pkg-config"),
    "uwsgi": _COMPILER,
}


def packages(names: frozenset[str], git: bool) -> tuple[str, ...]:
    """Names for apt, sorted."""
    needed = {package for name, some in _NEEDED.items() if name in names for package in some}
    return tuple(sorted(needed | ({"git"} if git else set())))


def install(names: tuple[str, ...]) -> list[str]:
    """The instruction; nothing where nothing is needed."""
    if not names:
        return []
    wanted = " ".join(names)
    return [
        f"RUN apt-get update && apt-get install --yes --no-install-recommends {wanted} "
        "&& rm -rf /var/lib/apt/lists/*"
    ]
