from __future__ import annotations

import itertools
import json

from chaos import report
from chaos.cycle import Outcome
from chaos.moments import PHASES, Phase, Verb, faults


def every_phase_hit() -> list[Outcome]:
    """As many faults as it takes, each where it was meant to arrive."""
    return [Outcome(fault, fault.phase, 130) for fault in itertools.islice(faults(1), 15)]


def test_all_made_good() -> None:
    assert report.verdict(every_phase_hit()) == []


def test_what_went_wrong_is_told_with_its_fault() -> None:
    first, *rest = every_phase_hit()
    told = report.verdict(
        [Outcome(first.fault, first.struck, 1, ["api is missing", "its last lines:"]), *rest]
    )
    assert told == [f"{first.fault}\n    api is missing\n    its last lines:"]


def test_a_fault_that_came_too_late_hit_nothing() -> None:
    outcomes = [
        Outcome(one.fault, None, 0) if one.struck is Phase.REMOVING else one for one in every_phase_hit()
    ]
    assert report.verdict(outcomes) == ["never hit: down: removing"]
    late = sum(one.struck is None for one in outcomes)
    assert report.histogram(outcomes).splitlines()[-1].endswith(f"the command had ended {late:>4}")


def test_the_histogram_has_a_line_for_each_phase() -> None:
    lines = report.histogram(every_phase_hit()).splitlines()
    assert len(lines) == sum(map(len, PHASES.values())) + 1
    assert lines[0].split() == ["up", "before", "Pulumi", "1", "#" * 20]
    assert report.histogram([]).count("#") == 0


def test_the_record_is_json() -> None:
    lengths = {Verb.UP: {Phase.BUILDING: 1.23456}}
    document = json.loads(json.dumps(report.document(every_phase_hit(), lengths, seed=1)))
    assert document["seed"] == 1
    assert document["lengths"] == {"up": {"building": 1.23}}
    assert document["outcomes"][0]["fault"]["verb"] == "up"
