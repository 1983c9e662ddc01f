"""Notes in a stack's tags what an update is about, while the update runs."""

from __future__ import annotations

import sys
import threading
from types import TracebackType

from pulumi.automation.errors import CommandError

from galley_iac.automation import tags
from galley_iac.automation.notes import changes
from galley_iac.automation.workspace import Workspace
from galley_iac.errors import GalleyError
from galley_iac.request import Prepared
from galley_iac.source.repository import Commit, commit_of


class Recorder:
    """Entered once the stack exists: writes beside the update, so that nobody waits. Left: it has written.

    Only what is new is written: nothing at all by an update of the same commit. The time is not: Pulumi
    itself notes it with every update. That it fails is no reason for the update to fail.
    """

    def __init__(self, workspace: Workspace, prepared: Prepared, commit: Commit | None = None) -> None:
        self._workspace, self._prepared, self._commit = workspace, prepared, commit
        self._thread = threading.Thread(target=self._write, daemon=True)

    def __enter__(self) -> Recorder:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.join()

    def _write(self) -> None:
        prepared = self._prepared
        try:
            noted = changes(prepared, self._commit or commit_of(prepared.source.root))
            tags.write(prepared.plan.name, noted, self._workspace)
        except (CommandError, GalleyError, OSError) as error:
            print(f"warning: the stack's tags could not be written: {error}", file=sys.stderr)
