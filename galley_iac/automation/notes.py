"""What an update has to say of itself, as tags of its stack."""

from __future__ import annotations

import dataclasses
import json

from galley_iac.automation import tags
from galley_iac.plan.identity import Identity
from galley_iac.request import Prepared
from galley_iac.source.repository import Commit

_LONGEST_AUTHOR = 100
"""Characters; a tag's value may have 256 bytes in some backends."""


def changes(prepared: Prepared, commit: Commit) -> tags.Changes:
    """Whose it is, its TTL and its commit; an update wakes, so nothing is asleep after it."""
    request = prepared.request
    texts = {**request.project_settings, **request.own_settings}
    found: dict[str, str | None] = {
        tags.IDENTITY: identity_text(prepared.plan.preview.identity),
        tags.TTL: texts.get(tags.TTL_SETTING),
        tags.ASLEEP: None,
    }
    if commit.sha:
        found |= {tags.COMMIT: commit.sha, tags.AUTHOR: commit.author[:_LONGEST_AUTHOR] or None}
    return found


def identity_text(identity: Identity) -> str:
    """As JSON, without what is empty."""
    fields = {name: value for name, value in dataclasses.asdict(identity).items() if value not in ("", None)}
    return json.dumps(fields, separators=(",", ":"), sort_keys=True)
