"""Patterns of .dockerignore as Docker's builder reads them.

``*`` is any text within a name, ``**`` any number of folders, ``?`` one character, ``[a-z]`` one of a class,
``\\`` takes the next character as it is. Case counts. All ways in which a pattern can match are followed at
once, so that it costs no more than its length times the path's; a regular expression could take for ever on
one of many ``*``.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property

MOST_STEPS, STEPS_OF_AN_ENTRY = 5_000_000, 200
"""Comparisons that a context may cost, some seconds, and what each entry adds: four times the usual."""

_WILD = re.compile(r"[*?\[\\]")
_LITERAL_END = re.compile(r"[^*?\[\]\\]*\Z")
_CLASS = re.compile(r"\[(\^?)((?:\\.|[^\]\\])+)\]")
_RANGE = re.compile(r"\\?(.)(?:-\\?(.))?", re.DOTALL)


class PatternError(ValueError):
    """What is no pattern, or too much of one; the text says why."""


class Effort:
    """Counts what matching costs. Raises PatternError when it is too much for the entries there are."""

    def __init__(self) -> None:
        self.steps, self._allowed = 0, MOST_STEPS

    def begin_entry(self) -> None:
        """Another file or folder is looked at."""
        self._allowed += STEPS_OF_AN_ENTRY

    def spend(self, steps: int) -> None:
        """Notes ``steps`` comparisons."""
        self.steps += steps
        if self.steps > self._allowed:
            raise PatternError("there are so many wildcards that they take too long for this folder")


class Wild(Enum):
    """What is more than one character, or none."""

    STAR = auto()
    """Any text without a slash."""
    ENTER = auto()
    """Nothing: leads into FOLDERS and past it."""
    FOLDERS = auto()
    """Any text up to a slash."""
    REST = auto()
    """Whatever follows."""


@dataclass(frozen=True)
class OneOf:
    """One character of, or with ``negated`` outside, ranges that include both ends."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False

    def __contains__(self, char: str) -> bool:
        return any(low <= char <= high for low, high in self.ranges) != self.negated


_Token = str | OneOf | Wild
_NOT_A_SLASH = OneOf((("/", "/"),), negated=True)
_AHEAD = {Wild.STAR: (1,), Wild.REST: (1,), Wild.ENTER: (1, 2)}
"""How far one gets in a pattern without a character."""


@dataclass(frozen=True)
class Pattern:
    """One line. ``keeps``: it began with ``!`` and brings back what earlier ones have left out."""

    text: str
    keeps: bool
    tokens: tuple[_Token, ...] = field(repr=False)
    prefix: str
    suffix: str
    """Every match begins and ends with these, which settles most paths at once."""
    by_name: bool = False
    """Only the last name of a path counts, in whatever folder."""

    @classmethod
    def of(cls, line: str) -> Pattern | None:
        """The pattern of a line; None where it says nothing. Raises PatternError."""
        keeps = line.startswith("!")
        text = line[1:].strip() if keeps else line.strip()
        if keeps and not text:
            raise PatternError("`!` alone brings nothing back")
        clean = posixpath.normpath(text or ".").lstrip("/")
        if clean in ("", "."):
            return None
        by_name = clean.startswith("**/") and "/" not in clean[3:] and "**" not in clean[3:]
        wild, end = _WILD.search(clean), _LITERAL_END.search(clean)
        prefix, suffix = clean[: wild.start()] if wild else clean, end[0] if end else ""
        tokens = tuple(_tokens(clean[3:] if by_name else clean))
        return cls(clean, keeps, tokens, prefix, suffix.lstrip("/"), by_name)

    @classmethod
    def keeping(cls, path: str) -> Pattern:
        """What brings back one file, whatever characters its name has."""
        return cls(path, True, tuple(path), path, path)

    def matches(self, path: str, effort: Effort) -> bool:
        """Whether the whole of ``path`` (relative, with slashes) fits."""
        if not (path.startswith(self.prefix) and path.endswith(self.suffix)):
            return False
        places = self._reach(0)
        for char in path.rpartition("/")[2] if self.by_name else path:
            effort.spend(len(places))
            places = frozenset().union(*(self._after(place, char) for place in places))
            if not places:
                return False
        return len(self.tokens) in places

    def may_match_below(self, folder: str) -> bool:
        """Whether something in a folder could fit."""
        inside = f"{folder}/"
        literal = self.prefix == self.text
        return self.prefix.startswith(inside) or (not literal and inside.startswith(self.prefix))

    def _after(self, place: int, char: str) -> frozenset[int]:
        """The places in the pattern to which ``char`` leads."""
        token = self.tokens[place] if place < len(self.tokens) else Wild.ENTER
        if token is Wild.FOLDERS:
            return self._reach(place + 1) | {place} if char == "/" else frozenset((place,))
        if token is Wild.REST or (token is Wild.STAR and char != "/"):
            return self._reach(place)
        return self._reach(place + 1) if not isinstance(token, Wild) and char in token else frozenset()

    def _reach(self, place: int) -> frozenset[int]:
        """A place and those that are reached from it without a character."""
        return self._reached[place]

    @cached_property
    def _reached(self) -> tuple[frozenset[int], ...]:
        found: list[frozenset[int]] = [frozenset((len(self.tokens),))]
        for place in reversed(range(len(self.tokens))):
            token = self.tokens[place]
            steps = _AHEAD.get(token, ()) if isinstance(token, Wild) else ()
            found.append(frozenset((place,)).union(*(found[-step] for step in steps)))
        return tuple(reversed(found))


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        if text.startswith("**", at):
            at += 3 if text.startswith("**/", at) else 2
            yield from (Wild.ENTER, Wild.FOLDERS) if at < len(text) else (Wild.REST,)
            continue
        found = _CLASS.match(text, at)
        if text[at] == "[":
            if not found:
                raise PatternError(f"`{text[:60]}` has a `[` that is not closed, or is empty")
            yield _class(found)
            at = found.end()
            continue
        quoted = text[at] == "\\"
        at += quoted
        if at == len(text):
            raise PatternError(f"`{text[:60]}` ends with a `\\`")
        yield _one(text[at], quoted=quoted)
        at += 1


def _one(char: str, *, quoted: bool) -> _Token:
    if quoted or char not in "*?":
        return char
    return Wild.STAR if char == "*" else _NOT_A_SLASH


def _class(found: re.Match[str]) -> OneOf:
    ranges = tuple((low, high or low) for low, high in _RANGE.findall(found[2]))
    if any(low > high for low, high in ranges):
        raise PatternError(f"`{found[0][:60]}` has a range that ends before it begins")
    return OneOf(ranges, negated=bool(found[1]))
