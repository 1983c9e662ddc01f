"""Where a service's data is kept, and for how long."""

from __future__ import annotations

import pulumi_docker as docker

from galley_iac.engine import labels
from galley_iac.plan.model import Container
from galley_iac.targets.docker.scope import Scope


def mounts(scope: Scope, container: Container) -> list[docker.ContainerVolumeArgs] | None:
    """The service's volume, declared and mounted; None where nothing is kept.

    An ephemeral volume has the deploy in its name, so a deploy gives a new, empty one and removes the old.
    """
    volume = container.volume
    if volume is None:
        return None
    name = f"{volume.name}.{scope.deploy}" if container.ephemeral else volume.name
    declared = _volume(scope, container, name)
    return [docker.ContainerVolumeArgs(volume_name=declared.name, container_path=volume.path)]


def _volume(scope: Scope, container: Container, name: str) -> docker.Volume:
    own = scope.labels(container.service, labels.ROLE_VOLUME)
    return docker.Volume(
        f"{container.service}.data",
        docker.VolumeArgs(
            name=name,
            labels=[docker.VolumeLabelArgs(label=label, value=value) for label, value in own.items()],
        ),
        opts=scope.options(),
    )
