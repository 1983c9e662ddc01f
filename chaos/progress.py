"""Where a command is, from its lines and from whether Pulumi runs. Pure."""

from __future__ import annotations

from chaos.moments import Phase, Verb

_LINES = {"building": Phase.BUILDING, "waiting for health": Phase.WAITING}


class Progress:
    """Fed with what is seen of one command."""

    def __init__(self, verb: Verb) -> None:
        self._verb = verb
        self._pulumi_seen = self._pulumi_runs = False
        self._services: dict[str, str] = {}

    def line(self, text: str) -> None:
        """A line of the command's own progress: ``SERVICE: PHASE (why)``."""
        service, colon, rest = text.partition(": ")
        if colon and " " not in service:
            self._services[service] = rest.partition(" (")[0].strip()

    def pulumi(self, *, runs: bool) -> None:
        """Whether the process that changes things is there."""
        self._pulumi_runs = runs
        self._pulumi_seen = self._pulumi_seen or runs

    @property
    def phase(self) -> Phase:
        """Building before waiting: of two services at once the one that is further behind counts."""
        if not self._pulumi_seen:
            return Phase.BEFORE
        if not self._pulumi_runs:
            return Phase.AFTER
        if self._verb is Verb.DOWN:
            return Phase.REMOVING
        now = set(self._services.values())
        return next((phase for words, phase in _LINES.items() if words in now), Phase.CREATING)
