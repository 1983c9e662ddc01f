"""Comparing a preview with what was declared, when somebody asks for it; what was found last is kept."""

from __future__ import annotations

import time

import docker

from galley_iac.automation.drift import drift
from galley_iac.automation.workspace import Workspace
from galley_iac.dashboard.live.secrets import Maskers
from galley_iac.dashboard.model import Drift


class Comparing:
    """The last comparison of each preview since the dashboard was started."""

    def __init__(self, client: docker.DockerClient, maskers: Maskers) -> None:
        self._client, self._maskers = client, maskers
        self._last: dict[str, Drift] = {}

    def last(self, name: str, updated: float | None) -> Drift | None:
        """What was found last; None when nobody has asked since the preview was ``updated``."""
        found = self._last.get(name)
        return found if found and found.checked >= (updated or 0.0) else None

    def compare(self, name: str) -> Drift:
        """Compares now, which takes seconds. Raises GalleyError when it cannot be done."""
        checked = time.time()
        mask = self._maskers.of(name)
        found = Drift(checked, drift(Workspace(), self._client, name, mask))
        self._last[name] = found
        return found

    def forget(self, name: str) -> None:
        """Of a preview that is gone: the next of its name is another."""
        self._last.pop(name, None)
