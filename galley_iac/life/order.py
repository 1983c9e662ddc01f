"""In which order a preview's containers are started again, and stopped."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from graphlib import TopologicalSorter


def generations(after: Mapping[str, Collection[str]]) -> tuple[tuple[str, ...], ...]:
    """Names in groups: each group waits only for those before it, and those of one group for nobody in it.

    ``after`` has an entry for every name; whom it waits for counts only where it has an entry itself.
    """
    sorter = TopologicalSorter({name: [one for one in after[name] if one in after] for name in sorted(after)})
    sorter.prepare()
    groups = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        groups.append(tuple(ready))
        sorter.done(*ready)
    return tuple(groups)
