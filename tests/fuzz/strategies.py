"""Input that is nearly right, which finds more than noise does: odd values, real files edited."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from galley_iac.manifest.compose import keys
from galley_iac.manifest.models import Kind, Restart
from galley_iac.manifest.written import (
    WrittenBuild,
    WrittenHealth,
    WrittenManifest,
    WrittenResources,
    WrittenService,
)

SHAPES = Path(__file__).parents[1] / "golden" / "manifest" / "shapes"

_NAMES = st.sampled_from(["web", "api", "db", "a", "A", "x-y", "../x", "ü", "a" * 41, ""])
_ODD = [
    "",
    "x",
    "./",
    "../..",
    "/etc",
    "a && b",
    "'",
    "\0",
    "\ud800",
    "\u202e",
    "a\nb",
    "a\r\nX: y",
    "é",
    "x" * 300,
]
_YAML = [
    "{",
    "[",
    "*a",
    "&a",
    "!!x",
    "<<",
    "=",
    "# c",
    "yes",
    "true",
    "null",
    "~",
    ".inf",
    ".nan",
    "1e9",
    "1.10",
]
_NUMBERS = ["1", "0", "8000", "80:80", "99999", "-1", "0755", "30s", "1m30s", "512m", "512Mi"]
_REAL = [
    "postgres:16",
    "redis",
    "http://localhost:80/x",
    "curl -f http://localhost:80/x",
    *map(str, [*Kind, *Restart]),
]
_VARIABLES = ["${A}", "${A:-${B:-c}}", "$", "${", "$$"]
_TEXTS = st.sampled_from([*_ODD, *_YAML, *_NUMBERS, *_REAL, *_VARIABLES])
_SCALARS = st.one_of(_TEXTS, st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.none())


def _values(names: Iterable[str]) -> st.SearchStrategy[Any]:
    known = st.sampled_from(sorted(names))
    inner = st.one_of(_SCALARS, st.lists(_SCALARS, max_size=3), st.dictionaries(_TEXTS, _SCALARS, max_size=3))
    return st.dictionaries(st.one_of(known, _NAMES), inner, max_size=4)


def _mapping(names: Iterable[str], nested: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """A mapping with any of the keys, each with a value of its own kind or of none."""
    plain = {
        name: st.one_of(_SCALARS, st.lists(_SCALARS, max_size=3)) for name in names if name not in nested
    }
    fields = {name: st.one_of(value, _SCALARS) for name, value in {**plain, **nested}.items()}
    return st.fixed_dictionaries({}, optional=fields)


_ENV = st.dictionaries(st.one_of(_TEXTS, st.sampled_from(["A", "B_C", "d.e-f"])), _SCALARS, max_size=4)
_BUILD = _mapping(WrittenBuild.model_fields, {"args": _ENV})
_SERVICE = _mapping(
    WrittenService.model_fields,
    {
        "build": _BUILD,
        "env": _ENV,
        "depends_on": st.lists(_NAMES, max_size=4),
        "health": _mapping(WrittenHealth.model_fields, {}),
        "resources": _mapping(WrittenResources.model_fields, {}),
    },
)
MANIFESTS = _mapping(
    WrittenManifest.model_fields,
    {"version": st.just(1), "services": st.dictionaries(_NAMES, _SERVICE, min_size=1, max_size=4)},
)

_COMPOSE_SERVICE = _mapping(
    [
        "image",
        "command",
        "entrypoint",
        "restart",
        "cpus",
        "mem_limit",
        "profiles",
        "scale",
        "links",
        "user",
        "networks",
    ],
    {
        "build": _mapping(keys.BUILD.known, {"args": _ENV}),
        "environment": st.one_of(_ENV, st.lists(_TEXTS, max_size=3)),
        "env_file": st.one_of(
            st.lists(st.sampled_from([".env", "none.env", "/x"]), max_size=2), _values(["path"])
        ),
        "ports": st.lists(st.one_of(_SCALARS, _values(["target", "published", "protocol"])), max_size=3),
        "expose": st.lists(_SCALARS, max_size=3),
        "volumes": st.lists(
            st.one_of(_TEXTS, st.sampled_from(["v:/d", ".:/x"]), _values(["type", "target"])), max_size=3
        ),
        "depends_on": st.one_of(
            st.lists(_NAMES, max_size=3), st.dictionaries(_NAMES, _values(["condition"]), max_size=3)
        ),
        "healthcheck": _mapping(keys.HEALTHCHECK.known, {}),
        "deploy": _mapping(keys.DEPLOY.known, {"resources": _values(["limits"])}),
        "extends": st.one_of(_NAMES, _values(["file", "service"])),
    },
)
COMPOSE_FILES = _mapping(
    keys.TOP.known,
    {
        "services": st.dictionaries(_NAMES, _COMPOSE_SERVICE, min_size=1, max_size=4),
        "include": st.lists(
            st.sampled_from(["base.yaml", "none.yaml", "compose.yaml", "../x", ""]), max_size=2
        ),
    },
)


def as_yaml(value: Any) -> str:
    """The value as YAML; what YAML cannot write (a lone surrogate) is written as an escape."""
    return yaml.safe_dump(value, allow_unicode=False)


_EDITS = st.text(alphabet=list("\t\n :-{}[],&*!|>'\"%@`#?~<=$x1\0\ud800"), max_size=3)


@cache
def _shapes(pattern: str) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(SHAPES.glob(pattern))]


@st.composite
def edited(draw: st.DrawFn, pattern: str) -> str:
    """A file of the golden shapes with up to four small edits anywhere."""
    text = draw(st.sampled_from(_shapes(pattern)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        gone = draw(st.sampled_from([0, 0, 1, 5, 40]))
        text = text[:at] + draw(_EDITS) + text[at + gone :]
    return text
