"""Where a service's data is kept: a claim that lives as long as the preview, or a folder of the pod's own."""

from __future__ import annotations

import pulumi_kubernetes.core.v1 as core

from galley_iac.cluster import labels
from galley_iac.plan.model import Container
from galley_iac.targets.kubernetes import quantity
from galley_iac.targets.kubernetes.scope import SKIP_AWAIT, Scope

_NAME = "data"
_SUBFOLDER = "data"
"""Not the volume's top, where a file system keeps ``lost+found``: a database refuses a folder that is not
empty.
"""


def declare(scope: Scope, container: Container) -> list[core.VolumeArgs]:
    """The pod's volume; none where nothing is kept. An ephemeral one is as new as its pod."""
    if container.volume is None:
        return []
    if container.ephemeral:
        return [core.VolumeArgs(name=_NAME, empty_dir=core.EmptyDirVolumeSourceArgs())]
    claim = core.PersistentVolumeClaimVolumeSourceArgs(claim_name=_claim(scope, container))
    return [core.VolumeArgs(name=_NAME, persistent_volume_claim=claim)]


def mounts(container: Container) -> list[core.VolumeMountArgs] | None:
    """The volume in the service's container."""
    if container.volume is None:
        return None
    folder = None if container.ephemeral else _SUBFOLDER
    return [core.VolumeMountArgs(name=_NAME, mount_path=container.volume.path, sub_path=folder)]


def _claim(scope: Scope, container: Container) -> str:
    """Its size and class count when it is made, and never again: another one would be without the data.

    Not waited for: many classes make a volume when its first pod asks for it.
    """
    name = f"{container.service}-{_NAME}"
    core.PersistentVolumeClaim(
        f"{container.service}.data",
        metadata=scope.metadata(name, container.service, labels.ROLE_VOLUME, SKIP_AWAIT),
        spec=core.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            storage_class_name=scope.cluster.storage_class or None,
            resources=core.VolumeResourceRequirementsArgs(
                requests={"storage": quantity.memory(scope.cluster.volume_size)}
            ),
        ),
        opts=scope.options(ignore_changes=["spec"]),
    )
    return name
