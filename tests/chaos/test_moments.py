from __future__ import annotations

import itertools
from collections import Counter

from chaos.moments import PHASES, Phase, Verb, Victim, faults, never_hit


def test_the_same_seed_gives_the_same_faults() -> None:
    first, again, other = (list(itertools.islice(faults(seed), 60)) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_the_verbs_take_turns() -> None:
    verbs = [fault.verb for fault in itertools.islice(faults(1), 6)]
    assert verbs == [Verb.UP, Verb.CHANGE, Verb.DOWN] * 2


def test_every_phase_comes_as_often_as_any_other() -> None:
    counts = Counter((fault.verb, fault.phase) for fault in itertools.islice(faults(3), 3 * 30))
    assert {verb: counts[verb, phase] for verb, phases in PHASES.items() for phase in phases} == {
        Verb.UP: 6,
        Verb.CHANGE: 6,
        Verb.DOWN: 10,
    }
    assert sum(counts.values()) == 90


def test_pulumi_is_struck_only_where_it_runs() -> None:
    outside = [one for one in itertools.islice(faults(2), 600) if one.phase in (Phase.BEFORE, Phase.AFTER)]
    assert {one.victim for one in outside} == {Victim.COMMAND, Victim.ALL}
    assert {one.signal for one in outside} == {"TERM", "KILL"}


def test_a_phase_that_was_never_hit_is_named() -> None:
    every = {(verb, phase) for verb, phases in PHASES.items() for phase in phases}
    assert never_hit(every) == []
    assert never_hit(every - {(Verb.DOWN, Phase.REMOVING)}) == ["down: removing"]
