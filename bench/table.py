"""The table that a run ends with. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench import cases, figures
from bench.figures import Sample
from bench.phases import bar, legend

_OURS = "galley"
_BAR = 40


def table(samples: Sequence[Sample], contenders: Sequence[str]) -> str:
    """Medians per case, galley's ratio to each other contender, and where galley's time goes."""
    names = dict.fromkeys(sample.application for sample in samples)
    return "\n\n".join(_application(samples, name, contenders) for name in names)


def _application(samples: Sequence[Sample], name: str, contenders: Sequence[str]) -> str:
    own = [sample for sample in samples if sample.application == name]
    rounds = len({sample.round for sample in own})
    others = [other for other in contenders if other != _OURS and _OURS in contenders]
    heads = [*contenders, *(f"/{other}" for other in others)]
    lines = [_line(f"{name} (rounds: {rounds})", heads)]
    shown = [case for case in cases.ALL if any(sample.case == case.name for sample in own)]
    for case in shown:
        medians = [figures.median(figures.times(own, name, case.name, who)) for who in contenders]
        ratios = [figures.ratio(own, name, case.name, _OURS, other) for other in others]
        lines.append(_line(f"  {case.title}", [*map(_seconds, medians), *map(_ratio, ratios)]))
    return "\n".join([*lines, *_bars(own, name)])


def _bars(own: Sequence[Sample], name: str) -> list[str]:
    found = [(case.title, figures.phases(own, name, case.name, _OURS)) for case in cases.ALL]
    drawn = [f"  {title:<38}{bar(parts, _BAR)}" for title, parts in found if len(parts) > 1]
    return ["", f"  where galley's time goes: {legend()}", *drawn] if drawn else []


def _line(first: str, cells: Sequence[str]) -> str:
    return (f"{first:<40}" + "".join(f"{cell:>11}" for cell in cells)).rstrip()


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s"


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
