"""Samples → medians and ratios. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sample:
    """One measured time, in seconds. ``phases`` are its parts, where they are known."""

    application: str
    contender: str
    case: str
    round: int
    seconds: float
    phases: dict[str, float] = field(default_factory=dict)


def times(samples: Iterable[Sample], application: str, case: str, contender: str) -> list[float]:
    """Every time of one contender in one case, in the order measured."""
    wanted = (application, case, contender)
    return [s.seconds for s in samples if (s.application, s.case, s.contender) == wanted]


def median(values: Sequence[float]) -> float | None:
    """The median; None of nothing."""
    return statistics.median(values) if values else None


def ratio(samples: Sequence[Sample], application: str, case: str, of: str, to: str) -> float | None:
    """The median of one contender by the median of another; None where one of them has none."""
    upper = median(times(samples, application, case, of))
    lower = median(times(samples, application, case, to))
    return upper / lower if upper is not None and lower else None


def phases(samples: Iterable[Sample], application: str, case: str, contender: str) -> dict[str, float]:
    """The mean of each phase's seconds: unlike medians, they add up to a whole."""
    wanted = (application, case, contender)
    found = [s.phases for s in samples if (s.application, s.case, s.contender) == wanted and s.phases]
    names = dict.fromkeys(name for one in found for name in one)
    return {name: sum(one.get(name, 0.0) for one in found) / len(found) for name in names}
