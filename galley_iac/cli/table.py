"""The live table of an update: a row per service; plain lines where there is no terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.table import Table as Grid
from rich.text import Text

from galley_iac.automation.progress import Phase, Progress, Row
from galley_iac.plan.model import Plan

_STYLES = {
    Phase.PENDING: "dim",
    Phase.READY: "green",
    Phase.DONE: "green",
    Phase.UNCHANGED: "dim green",
    Phase.REMOVED: "dim",
    Phase.FAILED: "bold red",
}
_SETTLED = frozenset({Phase.PENDING, Phase.READY, Phase.DONE, Phase.UNCHANGED, Phase.REMOVED, Phase.FAILED})


class Table:
    """Entered for the time of an update; :meth:`show` is the update's callback."""

    def __init__(self, plan: Plan, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._progress = Progress(plan)
        self._since: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self._lines: dict[str, str] = {}
        self._live = Live(self, console=self._console, refresh_per_second=8, transient=False)

    def __enter__(self) -> Table:
        if self._console.is_terminal:
            self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.__exit__(kind, error, trace)

    def show(self, progress: Progress, moved: set[str]) -> None:
        """Takes over the rows; called from any thread."""
        self._progress = progress
        for service in sorted(moved):
            self._time(progress.rows[service])
            if not self._console.is_terminal:
                self._print(progress.rows[service])

    def _time(self, row: Row) -> None:
        now = time.monotonic()
        since = self._since.setdefault(row.service, now)
        if row.phase in _SETTLED:
            self._took[row.service] = now - since

    def _print(self, row: Row) -> None:
        """A line whenever the phase changes, not for every line that a build writes."""
        if self._lines.get(row.service) == row.phase:
            return
        self._lines[row.service] = row.phase
        took = f" ({self._took[row.service]:.1f} s)" if row.phase in (Phase.READY, Phase.DONE) else ""
        print(f"{row.service}: {row.phase}{took}", file=sys.stderr, flush=True)

    def __rich__(self) -> Grid:
        grid = Grid.grid(padding=(0, 2))
        for row in self._progress.rows.values():
            grid.add_row(
                row.service,
                Text(row.phase, style=_STYLES.get(row.phase, "yellow")),
                self._clock(row),
                _note(row),
            )
        return grid

    def _clock(self, row: Row) -> str:
        if row.phase is Phase.UNCHANGED or row.service not in self._since:
            return ""
        took = self._took.get(row.service) if row.phase in _SETTLED else None
        return f"{took if took is not None else time.monotonic() - self._since[row.service]:.1f} s"


def _note(row: Row) -> Text:
    return Text(row.why, style="dim", overflow="ellipsis", no_wrap=True)
