"""A preview's updates, from the history that Pulumi keeps in a local backend: what each did, and how long
it took.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from galley_iac.automation.backend import PROJECT
from galley_iac.automation.progress import PROBE_SUFFIX
from galley_iac.dashboard.live.stacks import (
    CONTAINER,
    SERVICES,
    Resource,
    dependencies,
    is_probe,
    name_of,
    read,
)
from galley_iac.dashboard.model import Change, History, Step, Update
from galley_iac.timing import parse

SHOWN = 20
"""Updates that are listed."""

_SUFFIX = ".history.json"
_WORDS = {
    CONTAINER: "container",
    "docker:index/remoteImage:RemoteImage": "image",
    "docker:index/network:Network": "network",
    "docker:index/volume:Volume": "volume",
    "docker:index/registryImage:RegistryImage": "push",
    "kubernetes:apps/v1:Deployment": "deployment",
    "kubernetes:batch/v1:Job": "job",
    "kubernetes:core/v1:Namespace": "namespace",
    "kubernetes:core/v1:PersistentVolumeClaim": "volume",
}
_IGNORED_INPUTS = frozenset({"__defaults"})


class Updates:
    """The history of every stack of a local backend."""

    def __init__(self, local: Path) -> None:
        self._folder = local / ".pulumi" / "history" / PROJECT

    def first(self, name: str) -> float | None:
        """When the preview was first brought up; None when nobody knows."""
        for path in self._paths(name)[:1]:
            record = _record(path)
            return record.started if record else None
        return None

    def last(self, name: str) -> Update | None:
        """The last update; None when there was none, or nobody knows."""
        paths = self._paths(name)
        return _record(paths[-1]) if paths else None

    def history(self, name: str) -> History:
        """The last updates, and what the very last did."""
        paths = self._paths(name)
        updates = [update for path in reversed(paths[-SHOWN:]) if (update := _record(path))]
        if not updates:
            return History()
        states = [read(_checkpoint(path)) or [] for path in paths[-2:]]
        before = states[0] if len(states) > 1 else []
        return History(tuple(updates), steps(states[-1], updates[0]), changes(before, states[-1]))

    def _paths(self, name: str) -> list[Path]:
        """Their names end with the moment in nanoseconds, so their order is that of time."""
        return sorted((self._folder / name).glob(f"*{_SUFFIX}"))


def _checkpoint(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(_SUFFIX) + ".checkpoint.json")


def _record(path: Path) -> Update | None:
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        changed = {
            name: int(count) for name, count in (entry.get("resourceChanges") or {}).items() if name != "same"
        }
        return Update(
            str(entry["kind"]),
            float(entry["startTime"]),
            float(entry["endTime"]),
            str(entry["result"]),
            changed,
            str(entry.get("message") or ""),
        )
    except (OSError, ValueError, KeyError):
        return None


def steps(resources: Sequence[Resource], update: Update) -> tuple[Step, ...]:
    """What an update made or changed, in the order in which it ended.

    The state has the moment at which each resource was done. A step began when the last of what it depends on
    was done, since Pulumi works on everything that it can: so it is known where the time went.
    """
    done = {
        str(entry["urn"]): moment
        for entry in resources
        if entry["type"] in _WORDS and (moment := _moment(entry)) and moment >= update.started
    }
    found = [
        Step(_label(entry), _what(entry), _start(entry, done, update.started), done[str(entry["urn"])])
        for entry in resources
        if entry["urn"] in done
    ]
    return tuple(sorted(found, key=lambda step: (step.end, step.name)))


def _start(entry: Resource, done: Mapping[str, float], begun: float) -> float:
    return max([done[urn] for urn in dependencies(entry) if urn in done], default=begun)


def _moment(entry: Resource) -> float | None:
    text = entry.get("modified") or entry.get("created")
    return parse(str(text)).timestamp() if text else None


def _label(entry: Resource) -> str:
    return name_of(entry).removesuffix(PROBE_SUFFIX)


def _what(entry: Resource) -> str:
    return "readiness check" if is_probe(entry) else _WORDS[str(entry["type"])]


def changes(before: Sequence[Resource], after: Sequence[Resource]) -> tuple[Change, ...]:
    """What an update did to each service, from the states before and after it."""
    old, new = _services(before), _services(after)
    kept = (_compare(name, old[name], new[name]) for name in new if name in old)
    added = (Change(name, "new") for name in new if name not in old)
    removed = (Change(name, "removed") for name in old if name not in new)
    return tuple(sorted([*kept, *added, *removed], key=lambda change: change.service))


def _services(resources: Sequence[Resource]) -> dict[str, Resource]:
    return {
        name_of(entry): entry
        for entry in resources
        if entry["type"] in SERVICES and not is_probe(entry) and entry.get("id")
    }


def _compare(name: str, old: Resource, new: Resource) -> Change:
    why = tuple(_different(old.get("inputs") or {}, new.get("inputs") or {}))
    if old["id"] != new["id"]:
        return Change(name, "replaced", why)
    return Change(name, "updated" if why else "kept", why)


def _different(old: Mapping[str, object], new: Mapping[str, object]) -> Iterable[str]:
    names = sorted((old.keys() | new.keys()) - _IGNORED_INPUTS)
    return [name for name in names if old.get(name) != new.get(name)]
