"""The program's way to a cluster. Its libraries are an extra: they are imported only when asked for."""

from __future__ import annotations

import contextlib
import functools

from galley_iac.cluster import labels
from galley_iac.cluster.client import Client
from galley_iac.cluster.live import observe
from galley_iac.engine.client import connect
from galley_iac.engine.facts import present
from galley_iac.engine.images import user_of
from galley_iac.engine.registries import Access
from galley_iac.errors import MachineError
from galley_iac.handover import Handover
from galley_iac.plan.cluster import Cluster
from galley_iac.plan.model import Image
from galley_iac.program import config
from galley_iac.request import Prepared


def run(prepared: Prepared, cluster: Cluster, host: str, access: Access, handover: Handover) -> None:
    """Declares the preview on its cluster; images are built by the engine at ``host``.

    Raises MachineError where the libraries are not installed.
    """
    try:
        from galley_iac.targets.kubernetes import declare
        from galley_iac.targets.kubernetes.images import Builder
    except ModuleNotFoundError as error:
        raise MachineError(
            f"the Kubernetes target is not installed ({error.name} is missing)",
            "pip install 'galley-iac[kubernetes]', then `galley setup --kubernetes`",
        ) from None
    plan = prepared.plan
    with contextlib.closing(connect(host)) as client:
        built = present(client, plan.built_images)
    builder = Builder(host, built, access, prepared.source.root, handover)
    declare(plan, cluster, config.secrets(), builder, _Users(host, cluster, plan.name))


class _Users:
    """Whom images run as: as this engine says, else, where it does not have the image, as was noted by one
    that had. Else an update from another machine would change what has not changed.
    """

    def __init__(self, host: str, cluster: Cluster, preview: str) -> None:
        self._host, self._cluster, self._preview = host, cluster, preview

    def __call__(self, image: Image, identifier: str) -> str:
        found = user_of(self._host, identifier)
        return self._noted.get(labels.name_of(image), "") if found is None else found

    @functools.cached_property
    def _noted(self) -> dict[str, str]:
        live = observe(Client(self._cluster.context), self._preview)
        return {workload.image: workload.user for workload in live.workloads}
