"""What a run has shown: a histogram of where the faults arrived, and everything that went wrong. Pure."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from chaos.cycle import Lengths, Outcome
from chaos.moments import PHASES, Phase, never_hit

_WIDTH = 40


def histogram(outcomes: Sequence[Outcome]) -> str:
    """One line per phase of each verb, with a bar; faults that came too late are counted apart."""
    counts = Counter((outcome.fault.verb, outcome.struck) for outcome in outcomes)
    most = max(counts.values(), default=1)
    lines = [
        f"{verb:<7} {phase:<19} {counts[verb, phase]:>4}  {'#' * _bar(counts[verb, phase], most)}"
        for verb, phases in PHASES.items()
        for phase in phases
    ]
    late = sum(count for (_, phase), count in counts.items() if phase is None)
    return "\n".join([*lines, f"{'too late: the command had ended':<27} {late:>4}"])


def verdict(outcomes: Sequence[Outcome]) -> list[str]:
    """Why the run has failed, a line each; empty when it has passed."""
    wrong = [f"{one.fault}\n    " + "\n    ".join(one.wrong) for one in outcomes if one.wrong]
    struck = {(one.fault.verb, one.struck) for one in outcomes if one.struck is not None}
    return [*wrong, *(f"never hit: {phase}" for phase in never_hit(struck))]


def document(outcomes: Sequence[Outcome], lengths: Lengths, **about: Any) -> dict[str, Any]:
    """The record of a run, for JSON."""
    spans = {str(verb): _rounded(of) for verb, of in lengths.items()}
    return {**about, "lengths": spans, "outcomes": [dataclasses.asdict(outcome) for outcome in outcomes]}


def _rounded(spans: Mapping[Phase, float]) -> dict[str, float]:
    return {str(phase): round(span, 2) for phase, span in spans.items()}


def _bar(count: int, most: int) -> int:
    return round(count / most * _WIDTH)
