"""Whose a namespace is. One that is no preview's has the same name by chance, and is never touched."""

from __future__ import annotations

from galley_iac.cluster.live import Live
from galley_iac.engine import ownership
from galley_iac.errors import UsageError
from galley_iac.plan.identity import Identity


def refuse_foreign(preview: str, identity: Identity, live: Live) -> None:
    """Raises UsageError when the namespace of the preview's name is another's."""
    refuse_stranger(preview, live)
    if live.namespace is not None:
        ownership.refuse_foreign(preview, identity, {live.identity})


def refuse_stranger(preview: str, live: Live) -> None:
    """Raises UsageError when the namespace of the preview's name is no preview's at all."""
    if live.namespace is not None and not live.identity:
        raise UsageError(
            f"the cluster has a namespace {preview} that is no preview's",
            "give the project another name (`--project`)",
        )
