"""The last lines of what is not as it should be, asked for again only when something has happened to it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from galley_iac.errors import GalleyError


@dataclass(frozen=True)
class Wanted:
    """``key`` changes with whatever happens to the container; ``read`` masks."""

    key: str
    read: Callable[[], Iterable[str]]


class LastLines:
    """By preview and container."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}

    def take(self, preview: str, wanted: Mapping[str, Wanted]) -> None:
        """Keeps the lines of these containers, and of no others of the preview."""
        known = self._known.get(preview, {})
        found = {}
        for container, one in wanted.items():
            before = known.get(container)
            if before is None or before[0] != one.key:
                before = (one.key, _read(one))
            found[container] = before
        self._known[preview] = found

    def of(self, preview: str, container: str) -> tuple[str, ...]:
        """None where they were not asked for."""
        return self._known.get(preview, {}).get(container, ("", ()))[1]

    def forget(self, preview: str) -> None:
        """The preview is gone."""
        self._known.pop(preview, None)


def _read(one: Wanted) -> tuple[str, ...]:
    """None where they cannot be masked, or the cluster does not answer."""
    with contextlib.suppress(GalleyError):
        return tuple(one.read())
    return ()
