"""Text of which some parts are not in the plan: a secret's value, or what only the target can choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Open(Enum):
    """What the plan leaves to the target. Not a StrEnum: a member must never pass for text that is already
    known.
    """

    ROUTER_PORT = "router-port"


@dataclass(frozen=True)
class Secret:
    """A project secret, by name: the plan never holds its value."""

    name: str


Part = str | Secret | Open


@dataclass(frozen=True)
class Value:
    """Parts in their order; see :meth:`render` for the text."""

    parts: tuple[Part, ...] = ()

    @property
    def is_secret(self) -> bool:
        """Whether any part is a secret."""
        return any(isinstance(part, Secret) for part in self.parts)

    def render(self, fill: Callable[[Secret | Open], str]) -> str:
        """The text, with ``fill`` giving what the plan leaves out."""
        return "".join(part if isinstance(part, str) else fill(part) for part in self.parts)

    def __str__(self) -> str:
        """For people: a secret is masked, an open part is named."""
        return self.render(lambda part: "********" if isinstance(part, Secret) else f"<{part.value}>")


def text(value: str) -> Value:
    """A value without open parts."""
    return Value((value,))
