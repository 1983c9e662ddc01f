"""Names and paths by patterns: ``*`` within a folder, ``**`` across folders, a leading ``!`` takes out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

_SPECIAL = re.compile(r"\*\*/|\*\*|\*|\?")
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matches(name: str, patterns: Sequence[str]) -> bool:
    """Whether a name is chosen: the last pattern that fits it decides. No patterns choose nothing."""
    chosen = False
    for pattern in patterns:
        wanted = not pattern.startswith("!")
        if wanted is not chosen and _compiled(pattern.removeprefix("!")).fullmatch(name):
            chosen = wanted
    return chosen


def any_match(names: Iterable[str], patterns: Sequence[str]) -> bool:
    """Whether at least one of the names is chosen."""
    return any(matches(name, patterns) for name in names)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern that ends with ``/`` means all below it."""
    whole = f"{pattern}**" if pattern.endswith("/") else pattern
    parts, end = [], 0
    for found in _SPECIAL.finditer(whole):
        parts += [re.escape(whole[end : found.start()]), _MEANING[found[0]]]
        end = found.end()
    return re.compile("".join([*parts, re.escape(whole[end:])]))
