"""The pages, each as parts that can be sent again by themselves: what a page shows and what is pushed is
the same.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from galley_iac.dashboard import drawing, listing
from galley_iac.dashboard.actions import ACTIONS
from galley_iac.dashboard.auth.access import Who
from galley_iac.dashboard.jobs import Jobs
from galley_iac.dashboard.listing import Filter
from galley_iac.dashboard.model import Preview, Service
from galley_iac.dashboard.rendering import render
from galley_iac.dashboard.source import Source
from galley_iac.dashboard.states import PREVIEW_STATES, Tone, tone
from galley_iac.engine.labels import ROLE_SERVICE

_JOBS_SHOWN = 3
_JOB_SHOWN_FOR = 600.0
_EXTENSIONS = ("12h", "1d", "3d", "1w")


@dataclass(frozen=True)
class Page:
    """``parts`` are elements by their id; ``lists`` says of an element which parts are in it, in order."""

    template: str
    title: str
    parts: Mapping[str, Markup]
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Changes with anything that is shown: what a page was delivered with need not be sent again."""
        return hashlib.sha256("\0".join(self.parts.values()).encode()).hexdigest()[:16]

    def html(self, who: Who | None) -> str:
        """The whole page."""
        values = {**self.values, "title": self.title, "version_of_parts": self.version}
        return render(self.template, parts=self.parts, lists=self.lists, who=who, **values)


@dataclass(frozen=True)
class Pages:
    """Makes pages out of what ``source`` says now."""

    source: Source
    jobs: Jobs
    is_shell_on: bool = False

    def all_previews(self, wanted: Filter) -> Page:
        """Every preview that the filter lets through."""
        every, now = self.source.previews(), time.time()
        shown = wanted.apply(every)
        rows = {f"row-{preview.name}": _row(preview, now) for preview in shown}
        counts = listing.counts(every)
        parts = {
            "problem": self._problem(),
            "summary": render("parts/summary.html", counts=counts, total=len(every), filter=wanted),
            "found": render("parts/found.html", shown=len(shown), total=len(every)),
            **rows,
        }
        values = {
            "filter": wanted,
            "states": PREVIEW_STATES,
            "orders": listing.ORDERS,
            "projects": listing.choices([preview.project for preview in every]),
            "owners": listing.choices([preview.author for preview in every]),
        }
        return Page("previews.html", "Previews", parts, {"rows": list(rows)}, values)

    def overview(self, name: str, who: Who | None) -> Page | None:
        """One preview; None when there is none of that name."""
        preview = self.source.preview(name)
        if preview is None:
            return None
        now = time.time()
        shown = {"preview": preview, "now": now}
        bad = [one for one in _all_services(preview) if tone(one.state) is Tone.BAD or _crashed(one)]
        parts = {
            **self._frame(preview, who, now),
            "attention": render("parts/attention.html", bad=bad, **shown),
            "graph": render("parts/graph.html", graph=drawing.graph(preview.services), **shown),
            "drift": render("parts/drift.html", drift=self.source.drift(name), **shown),
            "services": render(
                "parts/services.html",
                services=_all_services(preview),
                who=who,
                shell=self.is_shell_on,
                **shown,
            ),
        }
        return Page("overview.html", name, parts, values=self._values(preview, "overview"))

    def updates(self, name: str, who: Who | None) -> Page | None:
        """What was done to it, and where the time went."""
        preview = self.source.preview(name)
        if preview is None:
            return None
        history, now = self.source.history(name), time.time()
        last = history.updates[0] if history.updates else None
        bars = drawing.bars(history.steps, last.started, last.ended) if last else []
        parts = {
            **self._frame(preview, who, now),
            "updates": render("parts/updates.html", history=history, last=last, bars=bars, now=now),
        }
        return Page("updates.html", f"{name} · updates", parts, values=self._values(preview, "updates"))

    def environment(self, name: str, who: Who | None) -> Page | None:
        """What its services were given."""
        preview = self.source.preview(name)
        if preview is None:
            return None
        found = self.source.environment(name)
        parts = {
            **self._frame(preview, who, time.time()),
            "environment": render("parts/environment.html", services=sorted(found.items())),
        }
        return Page(
            "environment.html", f"{name} · environment", parts, values=self._values(preview, "environment")
        )

    def logs(self, name: str, who: Who | None, chosen: Sequence[str]) -> Page | None:
        """The viewer; its lines come by themselves."""
        preview = self.source.preview(name)
        if preview is None:
            return None
        logs = self.source.logs(name)
        known = {log.of for log in logs}
        values = self._values(preview, "logs")
        return Page(
            "logs.html",
            f"{name} · logs",
            self._frame(preview, who, time.time(), compact=True),
            values={**values, "logs": logs, "chosen": [one for one in chosen if one in known]},
        )

    def shell(self, name: str, who: Who | None, wanted: str) -> Page | None:
        """A terminal; ``wanted`` is the service, by default the first."""
        preview = self.source.preview(name)
        if preview is None:
            return None
        choices = [one.name for one in preview.services if one.role == ROLE_SERVICE]
        values = {
            **self._values(preview, "shell"),
            "choices": choices,
            "service": wanted if wanted in choices else next(iter(choices), ""),
            "csrf": who.csrf if who else "",
        }
        frame = self._frame(preview, who, time.time(), compact=True)
        return Page("shell.html", f"{name} · shell", frame, values=values)

    def _problem(self) -> Markup:
        return render("parts/problem.html", problem=self.source.problem)

    def _frame(
        self, preview: Preview, who: Who | None, now: float, *, compact: bool = False
    ) -> dict[str, Markup]:
        """What every page of one preview has; ``compact`` leaves its room to what is below."""
        recent = [
            job for job in self.jobs.of(preview.name) if job.ended is None or now - job.ended < _JOB_SHOWN_FOR
        ]
        offered = {name: action.offered(preview) for name, action in ACTIONS.items()}
        return {
            "problem": self._problem(),
            "head": render("parts/head.html", preview=preview, now=now, compact=compact),
            "actions": render(
                "parts/actions.html",
                preview=preview,
                who=who,
                actions=ACTIONS,
                offered=offered,
                extensions=_EXTENSIONS,
            ),
            "jobs": render("parts/jobs.html", jobs=recent[:_JOBS_SHOWN], now=now),
        }

    def _values(self, preview: Preview, tab: str) -> dict[str, Any]:
        return {"preview": preview, "tab": tab, "shell": self.is_shell_on}


def _row(preview: Preview, now: float) -> Markup:
    bad = [service for service in preview.services if tone(service.state) is Tone.BAD]
    left = max(preview.expires - now, 0.0) if preview.expires is not None else None
    share = round(100 * min(left / preview.ttl, 1.0)) if left is not None and preview.ttl else None
    return render("parts/row.html", preview=preview, now=now, bad=bad, left=left, share=share)


def _all_services(preview: Preview) -> list[Service]:
    return [*preview.services, *([preview.router] if preview.router else [])]


def _crashed(service: Service) -> bool:
    return service.crash is not None
