"""One fault after the other, and after each of them the proof that nothing came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bench.running import CommandError
from chaos import disturbing
from chaos.ground import VICTIM, Ground
from chaos.moments import Fault, Phase, Verb


@dataclass(frozen=True)
class Outcome:
    """What came of a fault: ``struck`` is the phase in which it arrived, None when the command had ended
    before; ``wrong`` is what was found afterwards, nothing when all is well.
    """

    fault: Fault
    struck: Phase | None
    code: int | None
    wrong: list[str] = field(default_factory=list)


Lengths = Mapping[Verb, Mapping[Phase, float]]


def rehearse(ground: Ground) -> Lengths:
    """How long the phases take undisturbed, in seconds. Raises CommandError."""
    lengths = {}
    for verb in Verb:
        _set_out(ground, verb)
        seen = disturbing.rehearse(ground.command(verb))
        if seen.code:
            raise CommandError(f"{verb} failed before anything was disturbed\n{seen.text}")
        lengths[verb] = seen.lengths
    return lengths


def run(ground: Ground, faults: Iterator[Fault], lengths: Lengths) -> Iterator[Outcome]:
    """An outcome per fault, without end. A failure is told, cleared away, and the next one goes on."""
    for fault in faults:
        _set_out(ground, fault.verb)
        seen = disturbing.strike(ground.command(fault.verb), fault, lengths[fault.verb])
        wrong = [] if seen.code is not None else [f"it did not end within {disturbing.BOUND:g} s"]
        wrong += _afterwards(ground, fault.verb) + ground.neighbour_disturbed()
        if wrong:
            wrong += ["its last lines:", *seen.text.splitlines()]
        yield Outcome(fault, seen.struck, seen.code, wrong)


def _set_out(ground: Ground, verb: Verb) -> None:
    """What there has to be before the command. It is there already unless a cycle before has failed."""
    if verb is Verb.UP:
        ground.galley.down(ground.place, VICTIM)
    elif not ground.has_row(VICTIM):
        ground.galley.up(ground.place, VICTIM)
        ground.write_row(VICTIM)
    if verb is not Verb.DOWN:
        # An image of the same content would be there already.
        ground.change()


def _afterwards(ground: Ground, verb: Verb) -> list[str]:
    """The same command again, which needs no help, and what it has to have reached."""
    try:
        if verb is Verb.DOWN:
            ground.galley.down(ground.place, VICTIM)
            return ground.gone()
        ground.galley.up(ground.place, VICTIM)
        if verb is Verb.UP:
            ground.write_row(VICTIM)
        return ground.settled(VICTIM)
    except CommandError as error:
        return [f"the command after it: {error}"]
