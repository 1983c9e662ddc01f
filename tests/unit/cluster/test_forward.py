"""Which port of a pod is meant where none is named."""

from __future__ import annotations

from typing import Any

import pytest

from galley_iac.cluster.client import Json
from galley_iac.cluster.forward import exposed
from galley_iac.cluster.live import Pod

POD = Pod("cache-1", "cache", "2020-01-01T00:00:00Z")


class Cluster:
    """Has one pod, or none."""

    def __init__(self, *containers: Json) -> None:
        self.found: Json | None = {"spec": {"containers": containers}} if containers else None

    def find(self, path: str, **_: object) -> Json | None:
        assert path == "/api/v1/namespaces/main-shop/pods/cache-1"
        return self.found


PROBER = {"name": "galley-probe", "ports": [{"containerPort": 1}]}


@pytest.mark.parametrize(
    ("containers", "port"),
    [
        ([PROBER, {"name": "cache", "ports": [{"containerPort": 6379}]}], 6379),
        ([PROBER, {"name": "cache"}], None),
        ([], None),
    ],
)
def test_the_port_is_the_service_s_own(containers: list[Json], port: int | None) -> None:
    cluster: Any = Cluster(*containers)
    assert exposed(cluster, "main-shop", POD) == port
