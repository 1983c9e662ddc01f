"""A stack of the Automation API without what nobody asks for."""

from __future__ import annotations

from datetime import UTC, datetime

from pulumi import automation as auto


class PreviewStack(auto.Stack):
    """A stack whose existence the caller has seen to, and whose outputs nobody asks for after each update.

    The base class starts a process to select the stack and three more to read outputs and history.
    """

    def __init__(self, name: str, workspace: auto.LocalWorkspace) -> None:
        self.name = name
        self.workspace = workspace

    def outputs(self) -> auto.OutputMap:
        """Nothing: what a preview is like is read from the engine."""
        return {}

    def info(self, show_secrets: bool = True) -> auto.UpdateSummary:  # noqa: ARG002
        """As little: the events of the update have told all."""
        return auto.UpdateSummary("update", datetime.now(UTC), "", {}, {}, "succeeded")
