"""Start order: each service after all that it depends on."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import TopologicalSorter

from galley_iac.manifest.models import Service


def start_order(services: Mapping[str, Service]) -> tuple[str, ...]:
    """Names in start order, alphabetical among those that could start together, whatever the manifest's
    order.

    The manifest was checked before: there are no cycles and no unknown names.
    """
    sorter = TopologicalSorter({name: services[name].depends_on for name in sorted(services)})
    sorter.prepare()
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order.extend(ready)
        sorter.done(*ready)
    return tuple(order)
