"""What may be written in the guest book."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_NAME = 80
LONGEST_MESSAGE = 1000


class EntryError(ValueError):
    """An entry that cannot be stored; its text says why."""


def cleaned(field: str, value: str, longest: int) -> str:
    """`value` without surrounding space, or EntryError if it is empty, too long or has a NUL."""
    text = value.strip()
    if not text:
        raise EntryError(f"{field} is missing")
    if len(text) > longest:
        raise EntryError(f"{field} is longer than {longest} characters")
    if "\x00" in text:  # Postgres has no such text
        raise EntryError(f"{field} contains a NUL")
    return text


@dataclass(frozen=True)
class Entry:
    """One signature: who, and what they say."""

    name: str
    message: str

    @classmethod
    def of(cls, name: str, message: str) -> Entry:
        """The entry of a submitted form, or EntryError."""
        return cls(cleaned("name", name, LONGEST_NAME), cleaned("message", message, LONGEST_MESSAGE))
