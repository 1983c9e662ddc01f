"""``/galley ...`` in a comment: one command, at the beginning of a line of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from galley_iac import duration

PREFIX = "/galley"
MARKER = "<!-- galley:preview "
"""Begins every comment of ours. What has it in it is never read for commands, since we show some."""

_FENCE = re.compile(r" {0,3}(```|~~~)")
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_LONGEST_SHOWN = 60


class Verb(StrEnum):
    """What can be asked for."""

    REBUILD = "rebuild"
    PIN = "pin"
    UNPIN = "unpin"
    EXTEND = "extend"
    SLEEP = "sleep"
    WAKE = "wake"
    DOWN = "down"
    APPROVE = "approve"


HARMLESS = frozenset({Verb.REBUILD, Verb.SLEEP, Verb.WAKE, Verb.DOWN})
"""What the author of a pull request may ask for too: it costs no more than the preview they have anyway."""


@dataclass(frozen=True)
class Command:
    """One command; ``by`` are the seconds of ``extend``, ``commit`` is what ``approve`` names."""

    verb: Verb
    by: float = 0.0
    commit: str = ""


@dataclass(frozen=True)
class Mistake:
    """Something that was meant for us and is no command: ``why`` says what is wrong with it, in our words."""

    why: str


def parse(body: str) -> Command | Mistake | None:
    """The first command of a comment; None where there is none. Quotes and blocks of code are left out."""
    if MARKER in body:
        return None
    inside = False
    for line in body.splitlines():
        if _FENCE.match(line):
            inside = not inside
        elif not inside and line.split()[:1] == [PREFIX] and line.startswith(PREFIX):
            return _command(line.split()[1:])
    return None


def approved(body: str) -> str:
    """The commit that a comment approves; empty where it approves none."""
    found = parse(body)
    return found.commit if isinstance(found, Command) else ""


def _command(words: list[str]) -> Command | Mistake:
    try:
        verb = Verb(words[0].lower()) if words else None
    except ValueError:
        verb = None
    if verb is None:
        asked = f" `{shown(words[0])}`" if words else ""
        return Mistake(f"there is no command{asked}; there are {', '.join(Verb)}")
    if verb is Verb.EXTEND:
        return _extend(words[1:])
    if verb is Verb.APPROVE:
        return _approve(words[1:])
    return Command(verb) if len(words) == 1 else Mistake(f"`{verb}` takes nothing more")


def _extend(words: list[str]) -> Command | Mistake:
    by = duration.parse(words[0]) if len(words) == 1 else None
    if by is None:
        return Mistake("`extend` needs one duration with a unit, such as `2d` or `12h`")
    return Command(Verb.EXTEND, by=by)


def _approve(words: list[str]) -> Command | Mistake:
    """The whole id: of a part of it, another commit can be made that begins alike."""
    commit = words[0].lower() if len(words) == 1 else ""
    if not _COMMIT.fullmatch(commit):
        return Mistake("`approve` needs the whole id of the commit that was looked at")
    return Command(Verb.APPROVE, commit=commit)


def shown(word: str) -> str:
    """What somebody wrote, fit to be repeated inside a code span."""
    return "".join(c if c.isalnum() or c in "-_./" else "?" for c in word)[:_LONGEST_SHOWN]
