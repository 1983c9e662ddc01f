"""Whose a preview is. Two repositories may want the same name; only one can have it."""

from __future__ import annotations

from collections.abc import Iterable

from galley_iac.errors import UsageError
from galley_iac.plan.identity import Identity


def refuse_foreign(preview: str, identity: Identity, found: Iterable[str]) -> None:
    """Raises UsageError when any of the fingerprints that were ``found`` is not the identity's own.

    To be asked before anything is touched: a repair would take another's objects for leftovers.
    """
    if any(fingerprint != identity.digest() for fingerprint in found):
        raise UsageError(
            f"preview {preview} already belongs to another branch, pull request or repository "
            f"than {identity.describe()}",
            "set another project name (`--project`), or take that preview down first (`galley down --name`)",
        )
