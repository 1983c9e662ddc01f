"""Actions under way: each in a thread, what it says kept for the page, its outcome recorded."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from galley_iac.dashboard.audit import Asked, Audit
from galley_iac.errors import GalleyError

_KEPT = 200
_LINES = 200

Say = Callable[[str], None]
Work = Callable[[Say], None]
"""Does it; says what it does. Raises GalleyError when it fails."""


@dataclass
class Job:
    """One action. Moments are seconds since the epoch; ``state`` is running, done or failed."""

    id: str
    action: str
    preview: str
    who: str
    started: float
    state: str = "running"
    ended: float | None = None
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=_LINES))

    def as_data(self) -> dict[str, object]:
        """For JSON."""
        return {**vars(self), "lines": list(self.lines)}


class Jobs:
    """All actions since the dashboard was started; ``changed`` is called whenever one of them says
    something.
    """

    def __init__(self, audit: Audit, changed: Callable[[], None]) -> None:
        self._audit, self._changed = audit, changed
        self._numbers = itertools.count(1)
        self._jobs: dict[str, Job] = {}
        self._ends: dict[str, threading.Event] = {}

    def start(self, action: str, preview: str, asked: Asked, work: Work, **details: str) -> Job:
        """Begins an action. It goes on when whoever asked for it goes away."""
        job = Job(str(next(self._numbers)), action, preview, asked.who, time.time())
        self._jobs[job.id] = job
        self._ends[job.id] = threading.Event()
        for old in list(self._jobs)[:-_KEPT]:
            if self._jobs[old].ended:
                del self._jobs[old], self._ends[old]
        self._audit.record(asked, action, "asked", preview=preview, **details)
        threading.Thread(target=self._run, args=(job, asked, work), daemon=True).start()
        return job

    def job(self, identifier: str) -> Job | None:
        """One action; None when there is none of that id."""
        return self._jobs.get(identifier)

    def of(self, preview: str) -> list[Job]:
        """A preview's actions, the newest first."""
        return [job for job in reversed(list(self._jobs.values())) if job.preview == preview]

    def wait(self, job: Job, seconds: float) -> bool:
        """Waits for its end; returns whether it came."""
        end = self._ends.get(job.id)
        return end is None or end.wait(seconds)

    def counts(self) -> dict[tuple[str, str], int]:
        """How many there are, by action and state."""
        found: dict[tuple[str, str], int] = {}
        for job in list(self._jobs.values()):
            found[job.action, job.state] = found.get((job.action, job.state), 0) + 1
        return found

    def _run(self, job: Job, asked: Asked, work: Work) -> None:
        def say(line: str) -> None:
            job.lines.append(line)
            self._changed()

        try:
            work(say)
            job.state = "done"
        except GalleyError as error:
            job.lines.extend(str(error).splitlines())
            job.state = "failed"
        except Exception as error:
            job.lines.append(f"internal error: {error}")
            job.state = "failed"
            raise
        finally:
            job.ended = time.time()
            self._audit.record(asked, job.action, job.state, preview=job.preview)
            self._ends[job.id].set()
            self._changed()
