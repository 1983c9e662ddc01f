"""The one comment of a preview: found by its marker, and replaced."""

from __future__ import annotations

from galley_iac.forge.comment import marker, with_notice
from galley_iac.forge.model import Comment
from galley_iac.forges.base import Forge


def put(forge: Forge, number: int, preview: str, body: str) -> None:
    """Writes the comment, or replaces its text. Of two that were written at once, the older one stays."""
    found = mine(forge, number, preview)
    if not found:
        added = forge.add_comment(number, body)
        found = mine(forge, number, preview) or [added]
        if found[0].id == added.id:
            _remove(forge, number, found[1:])
            return
    if found[0].body != body:
        forge.edit_comment(number, found[0].id, body)
    _remove(forge, number, found[1:])


def answer(forge: Forge, number: int, preview: str, notice: str) -> None:
    """Adds an answer below the comment; without a comment, there is nobody to answer below."""
    for found in mine(forge, number, preview)[:1]:
        forge.edit_comment(number, found.id, with_notice(found.body, notice))


def mine(forge: Forge, number: int, preview: str) -> list[Comment]:
    """Ours, the oldest first. Anybody can write the marker into a comment, but not under our name."""
    begin = marker(preview)
    own = forge.own_name()
    found = [one for one in forge.comments(number) if one.author == own and one.body.startswith(begin)]
    return sorted(found, key=lambda one: one.id)


def _remove(forge: Forge, number: int, others: list[Comment]) -> None:
    for one in others:
        forge.remove_comment(number, one.id)
