"""Masking what a preview's services write: its secrets' values, asked of Pulumi only where there are any."""

from __future__ import annotations

import threading

from pulumi.automation.errors import CommandError

from galley_iac.automation.configuration import PROJECT_SECRETS, SECRETS, config_file
from galley_iac.errors import PreviewError
from galley_iac.masking import Masker


class Maskers:
    """One masker per preview, made again when its configuration has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[str, Masker]] = {}

    def of(self, preview: str) -> Masker:
        """The preview's masker. Raises GalleyError when its secrets cannot be read: then nothing that could
        hold one may be shown.
        """
        digest = config_file(preview).digest()
        with self._lock:
            known = self._known.get(preview)
            if known is None or known[0] != digest:
                known = self._known[preview] = (digest, Masker(_secrets(preview)))
            return known[1]


def _secrets(preview: str) -> list[str]:
    if not config_file(preview).names(PROJECT_SECRETS, SECRETS):
        return []
    from galley_iac.automation.workspace import Workspace

    try:
        return list(Workspace().secrets(preview).values())
    except CommandError:
        raise PreviewError(
            f"the secrets of {preview} cannot be read, so nothing of it can be shown"
        ) from None
