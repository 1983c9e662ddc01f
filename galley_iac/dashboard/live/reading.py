"""Which logs a preview has, and where the lines of each come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from galley_iac import home
from galley_iac.dashboard.live.crashes import Crashes, describe, marker
from galley_iac.dashboard.live.following import FileStream, Stream
from galley_iac.dashboard.live.lines import Mask, file_lines
from galley_iac.dashboard.live.place import Run
from galley_iac.dashboard.live.secrets import Maskers
from galley_iac.dashboard.model import Crash, Line, Log, Preview
from galley_iac.dashboard.source import Wanted
from galley_iac.engine import labels

BUILD = "build:"
_BUILDS_SHOWN = 6


class Reading:
    """Logs of previews; ``runs`` says what has written any, wherever the preview lives."""

    def __init__(self, runs: Callable[[str], Sequence[Run]], crashes: Crashes, maskers: Maskers) -> None:
        self._runs, self._crashes, self._maskers = runs, crashes, maskers

    def logs(self, shown: Preview | None) -> Sequence[Log]:
        """Services in their order, the router, and the builds of the project, the newest first."""
        if shown is None:
            return []
        names = [*(service.name for service in shown.services), *(["router"] if shown.router else [])]
        builds = [Log(f"{BUILD}{tag}", tag) for tag in _builds(shown)]
        return [*(Log(name, name) for name in names), *builds]

    def read(self, wanted: Wanted, shown: Preview | None) -> list[Line]:
        """All lines that are wanted and there, in order; of each source at most ``wanted.tail``."""
        if shown is None:
            return []
        mask = self._maskers.of(wanted.preview)
        lines: list[Line] = []
        for source, path in self._files(wanted, shown).items():
            lines += [line for line in file_lines(path, source, mask) if line.stamp > wanted.since][
                -wanted.tail :
            ]
        runs = self._wanted(wanted)
        for run in runs:
            lines += self._of_run(wanted, run, mask)
        for service in {run.service for run in runs}:
            lines += self._left(wanted, service, [run.container for run in runs])
        return sorted(lines, key=lambda line: line.stamp)

    def streams(self, wanted: Wanted) -> Mapping[str, tuple[str, Callable[[], Stream]]]:
        """What is to be followed now; a container's key changes with every run of it."""
        mask = self._maskers.of(wanted.preview)
        builds = (source for source in wanted.sources if source.startswith(BUILD))
        found: dict[str, tuple[str, Callable[[], Stream]]] = {
            source: (source, lambda source=source: FileStream(_path(source), source, mask))  # type: ignore[misc]
            for source in builds
        }
        for run in self._wanted(wanted):
            if run.follow:
                found[run.key] = (run.service, partial(run.follow, mask))
        return found

    def mark(self, service: str, crash: Crash) -> Line:
        """The line that says where a container crashed."""
        return marker(service, crash.when, describe(crash))

    def _of_run(self, wanted: Wanted, run: Run, mask: Mask) -> list[Line]:
        lines = run.read(mask, wanted.tail, wanted.since)
        crash = self._crashes.last(wanted.preview).get(run.service)
        if crash and crash.container == run.container:
            end = self.mark(run.service, crash)
            lines += [end] if end.stamp > wanted.since else []
        return lines

    def _left(self, wanted: Wanted, service: str, present: Sequence[str]) -> list[Line]:
        """The kept logs of containers that crashed and were replaced."""
        kept = self._crashes.lines(wanted.preview, service, present)
        return [line for line in kept if line.stamp > wanted.since][-wanted.tail :]

    def _wanted(self, wanted: Wanted) -> list[Run]:
        """Of the services that are wanted; without any, of all but the router."""
        every = self._runs(wanted.preview)
        if wanted.sources:
            return [run for run in every if run.service in wanted.sources]
        return [run for run in every if run.role != labels.ROLE_ROUTER]

    def _files(self, wanted: Wanted, shown: Preview) -> Mapping[str, Path]:
        known = {f"{BUILD}{tag}" for tag in _builds(shown)}
        return {source: _path(source) for source in wanted.sources if source in known}


def _builds(shown: Preview) -> list[str]:
    """Tags of images with a build log: those in use first, then the newest of the project."""
    used = [service.image for service in shown.services if home.build_log(service.image).is_file()]
    prefix = f"galley-{shown.project}-"
    newest = sorted(_folder().glob(f"{prefix}*.log"), key=_modified, reverse=True)
    tags = [f"galley-{shown.project}:{path.stem.removeprefix(prefix)}" for path in newest]
    return list(dict.fromkeys([*used, *tags[:_BUILDS_SHOWN]]))


def _folder() -> Path:
    return home.build_log("").parent


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _path(source: str) -> Path:
    return home.build_log(source.removeprefix(BUILD))
