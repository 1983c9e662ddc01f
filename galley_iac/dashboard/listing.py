"""Which previews are listed: search and filters, from a query string that anybody may have written. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from galley_iac.dashboard.model import Preview
from galley_iac.dashboard.states import PREVIEW_STATES

_LONGEST = 200
_ORDERS: Mapping[str, Callable[[Preview], object]] = {
    "name": lambda p: p.name,
    "updated": lambda p: (-(p.updated or 0.0), p.name),
    "expires": lambda p: (p.expires if p.expires is not None else float("inf"), p.name),
    "cpu": lambda p: (-((p.usage and p.usage.cpus) or 0.0), p.name),
    "memory": lambda p: (-(p.usage.memory if p.usage else 0), p.name),
}
ORDERS = tuple(_ORDERS)


@dataclass(frozen=True)
class Filter:
    """Empty fields let everything through; a state or an order that does not exist counts as empty."""

    text: str = ""
    project: str = ""
    state: str = ""
    owner: str = ""
    order: str = "name"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filter:
        """The filter that a query string asks for: ``q``, ``project``, ``state``, ``owner``, ``order``."""

        def given(name: str) -> str:
            return query.get(name, "").strip()[:_LONGEST]

        state, order = given("state"), given("order")
        return cls(
            given("q"),
            given("project"),
            state if state in PREVIEW_STATES else "",
            given("owner"),
            order if order in _ORDERS else "name",
        )

    def apply(self, previews: Sequence[Preview]) -> list[Preview]:
        """Those that pass, in the order asked for."""
        return sorted(filter(self.passes, previews), key=_ORDERS[self.order])  # type: ignore[arg-type]

    def passes(self, preview: Preview) -> bool:
        """Whether a preview is to be shown: every word of the text is somewhere in what is shown of it."""
        if self.project not in ("", preview.project) or self.state not in ("", preview.state):
            return False
        if self.owner not in ("", preview.author):
            return False
        shown = _shown(preview).casefold()
        return all(word in shown for word in self.text.casefold().split())


def _shown(preview: Preview) -> str:
    number = "" if preview.pull_request is None else f"#{preview.pull_request} pr-{preview.pull_request}"
    names = " ".join(service.name for service in preview.services)
    parts = (preview.name, preview.project, preview.branch, number, preview.commit, preview.author)
    return " ".join((*parts, preview.state, names))


def counts(previews: Sequence[Preview]) -> list[tuple[str, int]]:
    """How many there are in each state, of those states in which there is any."""
    found = [(state, sum(preview.state == state for preview in previews)) for state in PREVIEW_STATES]
    return [(state, count) for state, count in found if count]


def choices(values: Sequence[str]) -> list[str]:
    """What a filter offers."""
    return sorted({value for value in values if value})
