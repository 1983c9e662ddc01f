"""What is asked of detection, and what it answers."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a start command is for; ``ANY`` may serve or work."""

    WEB = "web"
    WORKER = "worker"
    ANY = "any"


@dataclass(frozen=True)
class Ask:
    """What the manifest says of one build. All services that say the same get the same image.

    ``path`` is the context as the manifest names it, for messages. ``arguments`` are the names of build
    arguments. ``started``: one of the services has a start command of its own, so that there must be
    something to run it in.
    """

    path: str = "."
    command: str | None = None
    arguments: tuple[str, ...] = ()
    started: bool = False

    def inside(self, folder: str) -> str:
        """A folder of the context as ``build.path`` would name it."""
        path = posixpath.normpath(posixpath.join(self.path, folder))
        return path if path.startswith("..") else f"./{path}"


@dataclass(frozen=True)
class Refusal:
    """Why a context cannot be built. ``key`` is the key below ``build`` that it is about."""

    key: str
    rule: str
    remedy: str


@dataclass(frozen=True)
class Start:
    """A start command that was found: ``words`` as a container takes them, ``found`` where it comes from.

    ``doubt``: something was found, but not how it is to be started; whoever has no start command of its own
    is told.
    """

    role: Role
    words: tuple[str, ...]
    found: str
    doubt: Refusal | None = None


class UnbuildableError(Exception):
    """The context cannot be built without a Dockerfile: everything that stands in the way."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(refusal.rule for refusal in self.refusals))

    @classmethod
    def one(cls, key: str, rule: str, remedy: str) -> UnbuildableError:
        """A single refusal."""
        return cls([Refusal(key, rule, remedy)])


@dataclass(frozen=True)
class Application:
    """What was found in a context, and the Dockerfile that follows from it.

    ``starts`` are in order of preference; the first that can serve is the image's own CMD. ``looked_for``
    ends the sentence that is said when no start command fits a service; ``example`` is one that would.
    """

    language: str
    dockerfile: str
    starts: tuple[Start, ...]
    looked_for: str
    example: str

    def start(self, *, serves: bool | None) -> Start:
        """The start command of a service; ``serves``: True for a web or api, False for a worker, None for
        others.

        Raises UnbuildableError when there is none for that.
        """
        found = default(self.starts) if serves is None else first(self.starts, serves)
        if found is None:
            raise UnbuildableError.one(
                "start", self._missing(serves), f"write `build.start`, for instance `{self.example}`"
            )
        if found.doubt:
            raise UnbuildableError([found.doubt])
        return found

    def _missing(self, serves: bool | None) -> str:
        what = {True: " that serves", False: " for a worker", None: ""}[serves]
        found = ", ".join(start.found for start in self.starts) or "none of these"
        rule = f"no start command{what} in this {self.language} project"
        return f"{rule}: looked for {self.looked_for}; found {found}"


def first(starts: Iterable[Start], serves: bool) -> Start | None:
    """The first start of the wanted role, else the first that may be anything."""
    wanted = Role.WEB if serves else Role.WORKER
    found = list(starts)
    for role in (wanted, Role.ANY):
        for start in found:
            if start.role is role:
                return start
    return None


def default(starts: Iterable[Start]) -> Start | None:
    """What an image runs by itself: what serves, else whatever there is."""
    found = tuple(starts)
    return first(found, True) or first(found, False)
