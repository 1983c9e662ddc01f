"""Which fault comes when. Pure: the same seed gives the same faults."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What is disturbed, in the order of one cycle."""

    UP = "up"
    CHANGE = "change"
    """An ``up`` of a preview that runs, with another source and another environment."""
    DOWN = "down"


class Phase(StrEnum):
    """Where a command is, as it can be seen from outside."""

    BEFORE = "before Pulumi"
    BUILDING = "building"
    CREATING = "creating"
    WAITING = "waiting for health"
    REMOVING = "removing"
    AFTER = "after Pulumi"


class Victim(StrEnum):
    """Who gets the signal."""

    COMMAND = "galley"
    ENGINE = "pulumi"
    PLUGIN = "pulumi-resource-docker"
    ALL = "all of them"
    """At once, as when a machine loses its power or is shut down."""


_UP = (Phase.BEFORE, Phase.BUILDING, Phase.CREATING, Phase.WAITING, Phase.AFTER)
PHASES: Mapping[Verb, tuple[Phase, ...]] = {
    Verb.UP: _UP,
    Verb.CHANGE: _UP,
    Verb.DOWN: (Phase.BEFORE, Phase.REMOVING, Phase.AFTER),
}
SIGNALS = ("TERM", "KILL")
_LATEST = 0.8
"""No phase is always equally long, and a signal after its end would hit another one, or nobody."""

_WITH_PULUMI = frozenset({Phase.BUILDING, Phase.CREATING, Phase.WAITING, Phase.REMOVING})


@dataclass(frozen=True)
class Fault:
    """A signal in a phase, after the ``share`` of it that an undisturbed command takes for it."""

    verb: Verb
    phase: Phase
    share: float
    signal: str
    victim: Victim

    def __str__(self) -> str:
        return f"{self.verb}: SIG{self.signal} to {self.victim}, {self.phase} ({self.share:.2f})"


def faults(seed: int, verbs: Collection[Verb] = tuple(Verb)) -> Iterator[Fault]:
    """Without end: cycle after cycle one fault per verb. Every phase of a verb comes once before any comes
    again, in an order of chance.
    """
    chance = random.Random(seed)
    decks: dict[Verb, list[Phase]] = {verb: [] for verb in verbs}
    while True:
        for verb, deck in decks.items():
            if not deck:
                deck.extend(chance.sample(PHASES[verb], len(PHASES[verb])))
            yield _fault(chance, verb, deck.pop())


def _fault(chance: random.Random, verb: Verb, phase: Phase) -> Fault:
    victims = list(Victim) if phase in _WITH_PULUMI else [Victim.COMMAND, Victim.ALL]
    return Fault(verb, phase, chance.uniform(0, _LATEST), chance.choice(SIGNALS), chance.choice(victims))


def never_hit(struck: Collection[tuple[Verb, Phase]]) -> list[str]:
    """The phases in which no signal arrived, in words."""
    pairs = [(verb, phase) for verb, phases in PHASES.items() for phase in phases]
    return [f"{verb}: {phase}" for verb, phase in pairs if (verb, phase) not in struck]
