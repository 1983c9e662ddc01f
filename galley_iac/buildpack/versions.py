"""Version ranges as pyproject.toml and package.json write them, as far as choosing a base image needs.

One grammar for PEP 440 (``>=3.11,<3.13``), Poetry (``^3.11``) and npm (``>=18 <21 || 22.x``): every
comparison is an interval of versions, and a base image fits when a release of its series can lie in all of
them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Version = tuple[int, ...]
Interval = tuple[Version, Version]

_LAST: Version = (10**6,)
_COMPARISON = re.compile(
    r"(>=|<=|==|!=|~=|>|<|=|\^|~)?v?(\d+(?:\.\d+){0,2}|)(?:\.[*xX])*(?:[-+.]?[A-Za-z][\w.+-]*)?"
)
_HYPHEN = re.compile(r"(\S+)\s+-\s+(\S+)")
_ANYTHING = frozenset({"", "*", "x", "X", "latest"})


def choose(wanted: str, known: Sequence[Version], preferred: Version) -> Version | None:
    """The series of ``known`` that ``wanted`` allows and that is nearest to ``preferred``.

    None when it allows none of them, or is written in a way that is not understood.
    """
    fitting = [series for series in known if allows(wanted, series)]
    return min(fitting, key=lambda series: (_distance(series, preferred), series), default=None)


def allows(wanted: str, series: Version) -> bool:
    """Whether a release of ``series`` (such as 3.12) can satisfy the range."""
    return any(_all_of(part, series) for part in wanted.split("||"))


def parse(version: str) -> Version:
    """``3.12.1`` as its numbers."""
    return tuple(int(number) for number in version.split("."))


def _all_of(part: str, series: Version) -> bool:
    spaced = _HYPHEN.sub(r">=\1 <=\2", part.strip())
    joined = re.sub(r"([<>=~^!])\s+", r"\1", spaced)
    low, high = series, _next(series)
    for comparison in filter(None, re.split(r"[\s,]+", joined)):
        if comparison in _ANYTHING:
            continue
        match = _COMPARISON.fullmatch(comparison)
        if match is None or not match[2]:
            return False
        if match[1] == "!=":
            excluded = _interval("==", parse(match[2]))
            if excluded[0] <= series and _next(series) <= excluded[1]:
                return False
            continue
        bottom, top = _interval(match[1] or "==", parse(match[2]))
        low, high = max(low, bottom), min(high, top)
    return low < high


def _interval(operator: str, version: Version) -> Interval:
    """Beginning and end of what the operator allows, the end not included."""
    if operator == ">=":
        return version, _LAST
    if operator == ">":
        return (*version, *(0,) * (3 - len(version)), 1), _LAST
    if operator == "<":
        return (), version
    if operator == "<=":
        return (), _next(version)
    if operator == "^":
        return version, _next(version[:1])
    if operator == "~":
        return version, _next(version[:2])
    if operator == "~=":
        return version, _next(version[: max(len(version) - 1, 1)])
    return version, _next(version)


def _next(version: Version) -> Version:
    return (*version[:-1], version[-1] + 1)


def _distance(series: Version, preferred: Version) -> int:
    return sum(
        abs(a - b) * 1000 ** (1 - place) for place, (a, b) in enumerate(zip(series, preferred, strict=False))
    )
