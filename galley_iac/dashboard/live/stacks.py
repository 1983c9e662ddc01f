"""What Pulumi's local backend says of the stacks: who waits for whom, and what was declared.

The files are Pulumi's, and only read. With a backend elsewhere there is nothing here: the pages then show
what the engine alone tells.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from galley_iac.automation import backend
from galley_iac.automation.progress import PROBE_SUFFIX

CONTAINER = "docker:index/container:Container"
SERVICES = (CONTAINER, "kubernetes:apps/v1:Deployment", "kubernetes:batch/v1:Job")
"""The resources that are a service each."""

_URN_PARTS = 4

T = TypeVar("T")
Resource = Mapping[str, Any]


@dataclass(frozen=True)
class Stack:
    """One stack's state, as far as it is shown: ``built_from`` says of an image's tag what it is built
    from.
    """

    after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    built_from: Mapping[str, str] = field(default_factory=dict)


class Stacks:
    """All stacks of a local backend; each file is read again only when it has changed."""

    def __init__(self, local: Path | None) -> None:
        self._local = local
        self._read: dict[Path, tuple[tuple[int, int], Stack]] = {}

    def stack(self, name: str) -> Stack:
        """A stack; empty when there is none, or while it is written for the first time."""
        path = backend.state_file(self._local, name) if self._local else None
        if path is None or not path.is_file():
            return Stack()
        stamp = (path.stat().st_mtime_ns, path.stat().st_size)
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            resources = read(path)
            if resources is None:
                return known[1] if known else Stack()
            known = self._read[path] = (stamp, from_resources(resources))
        return known[1]


def read(path: Path) -> Sequence[Resource] | None:
    """The resources in a state file or in a checkpoint of the history; None when it cannot be read just
    now.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    latest = (document.get("checkpoint") or {}).get("latest") or {}
    return latest.get("resources") or []


def from_resources(resources: Sequence[Resource]) -> Stack:
    """What the resources of one stack say."""
    containers = [entry for entry in resources if entry["type"] in SERVICES]
    return Stack(
        after={name_of(entry): _after(entry) for entry in containers if not is_probe(entry)},
        built_from={tag: text for entry in resources for tag, text in _built(entry)},
    )


def name_of(entry: Resource) -> str:
    """A resource's own name."""
    return str(entry["urn"]).rpartition("::")[2]


def is_probe(entry: Resource) -> bool:
    """Whether a container is the readiness check of a service."""
    return name_of(entry).endswith(PROBE_SUFFIX)


def dependencies(entry: Resource) -> list[str]:
    """The resources that it waited for, by their URNs."""
    return list(entry.get("dependencies") or ())


def type_of(urn: str) -> str:
    """The type in a URN, without those of the parents before it."""
    parts = urn.split("::")
    return parts[2].rpartition("$")[2] if len(parts) == _URN_PARTS else ""


def _after(entry: Resource) -> tuple[str, ...]:
    names = (urn.rpartition("::")[2] for urn in dependencies(entry) if type_of(urn) in SERVICES)
    return unique(name.removesuffix(PROBE_SUFFIX) for name in names)


def unique(values: Iterable[T]) -> tuple[T, ...]:
    """Sorted, each once."""
    return tuple(sorted(set(values)))  # type: ignore[type-var]


def _built(entry: Resource) -> Iterable[tuple[str, str]]:
    build = (entry.get("inputs") or {}).get("build")
    if isinstance(build, Mapping) and isinstance(build.get("dockerfile"), str):
        folder = Path(str(build.get("context", ""))).name
        yield name_of(entry), f"{folder}/{build['dockerfile']}"
