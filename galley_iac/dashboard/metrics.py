"""The previews as Prometheus reads them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from galley_iac.dashboard.model import Preview, Service
from galley_iac.dashboard.states import PREVIEW_STATES, Tone, tone

TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = Mapping[str, str]
Sample = tuple[Labels, float]


def exposition(previews: Sequence[Preview], jobs: Mapping[tuple[str, str], int], healthy: bool) -> str:
    """Everything, one metric after the other, each with its help and type."""
    running = [(preview, service) for preview in previews for service in preview.services]
    actions = [({"action": action, "state": state}, float(n)) for (action, state), n in sorted(jobs.items())]
    lines = [
        *_metric("galley_engine_up", "gauge", "Whether the engine answers.", [({}, float(healthy))]),
        *_metric("galley_previews", "gauge", "Previews by state.", _by_state(previews)),
        *_metric("galley_preview_expires", "gauge", "When it ends, since the epoch.", _expiries(previews)),
        *_metric("galley_service_up", "gauge", "Whether it is as it should be.", map(_up, running)),
        *_metric("galley_service_restarts", "gauge", "Restarts of its container.", map(_restarts, running)),
        *_metric("galley_service_cpus", "gauge", "CPUs in use.", _cpus(running)),
        *_metric("galley_service_memory_bytes", "gauge", "Memory in use.", _memory(running)),
        *_metric("galley_actions_total", "counter", "Actions from the dashboard.", actions),
    ]
    return "\n".join(lines) + "\n"


Pair = tuple[Preview, Service]


def _labels(pair: Pair) -> Labels:
    preview, service = pair
    return {"preview": preview.name, "project": preview.project, "service": service.name}


def _by_state(previews: Sequence[Preview]) -> Iterator[Sample]:
    for state in PREVIEW_STATES:
        yield {"state": state}, float(sum(preview.state == state for preview in previews))


def _expiries(previews: Sequence[Preview]) -> Iterator[Sample]:
    for preview in previews:
        if preview.expires is not None:
            yield {"preview": preview.name, "project": preview.project}, preview.expires


def _up(pair: Pair) -> Sample:
    return _labels(pair), float(tone(pair[1].state) is Tone.GOOD)


def _restarts(pair: Pair) -> Sample:
    return _labels(pair), float(pair[1].restarts)


def _cpus(pairs: Iterable[Pair]) -> Iterator[Sample]:
    for pair in pairs:
        usage = pair[1].usage
        if usage and usage.cpus is not None:
            yield _labels(pair), usage.cpus


def _memory(pairs: Iterable[Pair]) -> Iterator[Sample]:
    for pair in pairs:
        if pair[1].usage:
            yield _labels(pair), float(pair[1].usage.memory)


def _metric(name: str, kind: str, text: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        written = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"{name}{{{written}}} {value:.10g}" if written else f"{name} {value:.10g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
