"""The one comment on a pull request, and the mark on its commit, for every state of its preview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from galley_iac import duration
from galley_iac.forge.commands import MARKER, PREFIX
from galley_iac.forge.markdown import block, link, plain, span
from galley_iac.forge.model import Outcome

LIMIT = 60_000
"""Characters of a comment: GitHub allows 65,536, the others more."""

DESCRIPTION_LIMIT = 140
"""Characters of a commit status's description: GitHub's; GitLab allows 255."""

_LOG_LIMIT = 16_000
_MOST_SERVICES = 100
_NOTICE = "<!-- galley:notice -->"
_SHORT = 10


class Stage(StrEnum):
    """What a preview is at, in the words of the comment."""

    QUEUED = "queued"
    BUILDING = "building"
    RUNNING = "running"
    FAILED = "failed"
    ASLEEP = "asleep"
    REMOVED = "removed"
    WAITING = "waiting for approval"
    SUPERSEDED = "superseded"
    INTERRUPTED = "interrupted"


_OUTCOMES = {
    Stage.RUNNING: Outcome.SUCCESS,
    Stage.ASLEEP: Outcome.SUCCESS,
    Stage.FAILED: Outcome.FAILURE,
    Stage.REMOVED: Outcome.STOPPED,
    Stage.SUPERSEDED: Outcome.STOPPED,
    Stage.INTERRUPTED: Outcome.STOPPED,
}


@dataclass(frozen=True)
class ServiceLine:
    """One service: how it is, what the update did with it, and which fields of it were other than before."""

    service: str
    state: str
    change: str = ""
    fields: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Report:
    """All that is said of a preview. ``why`` and ``ends`` are words of ours; ``log`` may hold anything."""

    preview: str
    stage: Stage
    commit: str = ""
    why: str = ""
    services: tuple[ServiceLine, ...] = ()
    took: float | None = None
    """Seconds of the update."""
    ends: str = ""
    """Until when it stays."""
    log: str = ""
    still: str = ""
    """The older commit that the preview goes on serving."""

    @property
    def outcome(self) -> Outcome:
        """What the commit is marked with."""
        return _OUTCOMES.get(self.stage, Outcome.PENDING)

    @property
    def description(self) -> str:
        """The same in a line, for the commit's mark."""
        took = f" in {self.took:.0f} s" if self.took is not None else ""
        said = plain(f"{self.stage}{took}{f': {self.why}' if self.why else ''}")
        return said if len(said) <= DESCRIPTION_LIMIT else f"{said[: DESCRIPTION_LIMIT - 1]}\u2026"

    @property
    def url(self) -> str:
        """The first address, if there is one."""
        return next((line.url for line in self.services if line.url), "")


def marker(preview: str) -> str:
    """What makes a comment the one of this preview; not shown by any forge."""
    return f"{MARKER}{preview} -->"


def commit_marker(commit: str) -> str:
    """What tells, in a comment, which commit it is about."""
    return f"<!-- galley:commit {commit} -->"


def render(report: Report) -> str:
    """The comment's text."""
    head = f"{marker(report.preview)}\n{commit_marker(report.commit)}"
    parts = [head, f"**Preview {span(report.preview)}: {report.stage}**"]
    parts += [_why(report)] if report.why else []
    parts += [_asking(report.commit)] if report.stage is Stage.WAITING else []
    parts += [_table(report.services)] if report.services else []
    parts += [block(report.log, _LOG_LIMIT)] if report.log else []
    parts += [" ".join(_footer(report))]
    return _bounded("\n\n".join(part for part in parts if part))


def with_notice(body: str, notice: str) -> str:
    """The comment as it is, with an answer below it; an earlier answer goes."""
    return _bounded(f"{body.partition(_NOTICE)[0].rstrip()}\n\n{_NOTICE}\n> {notice}")


def _why(report: Report) -> str:
    return f"{report.why[:1].upper()}{report.why[1:]}."


def _asking(commit: str) -> str:
    return (
        "Its Dockerfile would run on our host. Somebody who may write to this repository has to look at the "
        f"commit and then comment\n\n```text\n{PREFIX} approve {commit}\n```\n\n"
        "A new push needs a new approval."
    )


def _table(services: tuple[ServiceLine, ...]) -> str:
    rows = ["| service | state | update | address |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {span(line.service)} | {line.state} | {_change(line)} | {link(line.url) if line.url else ''} |"
        for line in services[:_MOST_SERVICES]
    ]
    more = len(services) - _MOST_SERVICES
    return "\n".join(rows) + (f"\n\n... and {more} more services" if more > 0 else "")


def _change(line: ServiceLine) -> str:
    fields = f" ({', '.join(line.fields)})" if line.fields else ""
    return f"{line.change}{fields}"


def _footer(report: Report) -> Iterable[str]:
    if report.commit:
        yield f"Commit {report.commit[:_SHORT]}."
    if report.took is not None:
        yield f"It took {duration.text(report.took)}."
    if report.still:
        yield f"Commit {report.still[:_SHORT]} goes on running."
    if report.ends:
        yield f"The preview {report.ends}."


def _bounded(body: str) -> str:
    """The last guard: everything above is bounded by itself."""
    return body if len(body) <= LIMIT else f"{body[: LIMIT - 20]}\n\n[...]"
