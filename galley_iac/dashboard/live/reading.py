"""Which logs a preview has, and where the lines of each come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import docker

from galley_iac import home
from galley_iac.dashboard.live.crashes import Crashes, describe, marker
from galley_iac.dashboard.live.following import ContainerStream, FileStream, Stream
from galley_iac.dashboard.live.lines import container_lines, file_lines
from galley_iac.dashboard.live.secrets import Maskers
from galley_iac.dashboard.model import Crash, Line, Log, Preview
from galley_iac.dashboard.source import Wanted
from galley_iac.engine import labels
from galley_iac.engine.live import Live, LiveContainer

BUILD = "build:"
_BUILDS_SHOWN = 6
_ROLES = (labels.ROLE_SERVICE, labels.ROLE_JOB, labels.ROLE_ROUTER)


class Reading:
    """Logs of the previews in ``found``, which somebody else keeps up to date."""

    def __init__(
        self, client: docker.DockerClient, found: Mapping[str, Live], crashes: Crashes, maskers: Maskers
    ) -> None:
        self._client, self._found, self._crashes, self._maskers = client, found, crashes, maskers

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
        for container in self._containers(wanted):
            lines += self._of_container(wanted, container)
        for service in {container.service for container in self._containers(wanted)}:
            lines += self._left(wanted, service)
        return sorted(lines, key=lambda line: line.stamp)

    def streams(self, wanted: Wanted) -> Mapping[str, tuple[str, Callable[[], Stream]]]:
        """What is to be followed now; a container's key changes with every run of it."""
        mask = self._maskers.of(wanted.preview)
        builds = (source for source in wanted.sources if source.startswith(BUILD))
        found: dict[str, tuple[str, Callable[[], Stream]]] = {
            source: (source, lambda source=source: FileStream(_path(source), source, mask))  # type: ignore[misc]
            for source in builds
        }
        for one in self._containers(wanted):
            found[f"{one.id} {one.started_at}"] = (
                one.service,
                lambda one=one: ContainerStream(self._client, one.id, one.service, mask),  # type: ignore[misc]
            )
        return found

    def container(self, preview: str, container: str, service: str, tail: int) -> list[Line]:
        """The last lines of one container."""
        mask = self._maskers.of(preview)
        return container_lines(self._client, container, service, tail=tail, since="", mask=mask)

    def mark(self, service: str, crash: Crash) -> Line:
        """The line that says where a container crashed."""
        return marker(service, crash.when, describe(crash))

    def _of_container(self, wanted: Wanted, one: LiveContainer) -> list[Line]:
        mask = self._maskers.of(wanted.preview)
        lines = container_lines(
            self._client, one.id, one.service, tail=wanted.tail, since=wanted.since, mask=mask
        )
        crash = self._crashes.last(wanted.preview).get(one.service)
        if (
            crash
            and crash.container == one.id
            and (end := self.mark(one.service, crash)).stamp > wanted.since
        ):
            lines.append(end)
        return lines

    def _left(self, wanted: Wanted, service: str) -> list[Line]:
        """The kept logs of containers that crashed and were replaced."""
        present = [one.id for one in self._containers(wanted)]
        kept = self._crashes.lines(wanted.preview, service, present)
        return [line for line in kept if line.stamp > wanted.since][-wanted.tail :]

    def _containers(self, wanted: Wanted) -> list[LiveContainer]:
        """Of the services that are wanted; without any, of all but the router."""
        every = self._found.get(wanted.preview, Live()).containers
        roles = _ROLES if wanted.sources else _ROLES[:-1]
        return [
            one
            for one in every
            if one.role in roles and (not wanted.sources or one.service in wanted.sources)
        ]

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
