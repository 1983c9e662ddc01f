"""The names that may be written, the nearest known one to a misspelt one, and how a value is shown in an
error.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

SERVICE = re.compile(r"[a-z][a-z0-9-]{0,39}")
"""A service's name is a DNS alias, a part of a container's name and a host label."""

ENV = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*")
"""Kubernetes' rule (IsEnvVarName), the narrower of the two targets': Docker takes whatever has no `=`."""

BUILD_ARGUMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""What an ARG of a Dockerfile can be called."""

STAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
"""The name or number of a stage of a Dockerfile."""

_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
IMAGE = re.compile(
    rf"(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?{_PART}(?:/{_PART})*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,128})?"
)
"""An image's name with or without registry, tag and digest, as the distribution specification has it."""

SECRET = re.compile(r"(?!GALLEY_)[A-Za-z_][A-Za-z0-9_]*")
"""What `galley secret set` takes; names that begin with `GALLEY_` are the product's own."""

_COMPOSE_KEYS = {
    "context": "path",
    "command": "start",
    "ports": "expose",
    "environment": "env",
    "healthcheck": "health",
    "deploy": "resources",
    "mem_limit": "memory",
}
"""What a key of Compose is called here."""

_SHOWN = 60


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that ``name`` was probably meant to be, None when none is near."""
    names = list(known)
    if _COMPOSE_KEYS.get(name) in names:
        return _COMPOSE_KEYS[name]
    folded = {known_name.lower(): known_name for known_name in names}
    found = difflib.get_close_matches(name.lower()[:_SHOWN], folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`` (did you mean `x`?)``, or nothing."""
    found = nearest(name, known)
    return f" (did you mean `{found}`?)" if found else ""


def one_line(text: str) -> str:
    """``text`` with everything that cannot be printed (ends of line among it) as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown(text: str) -> str:
    """``text`` in backticks for an error: one line, cut when long."""
    line = one_line(text[: _SHOWN + 1])
    return f"`{line[:_SHOWN]}…`" if len(line) > _SHOWN else f"`{line}`"


def listed(names: Iterable[str]) -> str:
    """`` `a`, `b` and `c` ``."""
    quoted = [f"`{name}`" for name in names]
    return " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1] if quoted else ""]))
