"""A service's container."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_docker as docker

from galley_iac.engine import labels
from galley_iac.manifest.models import Restart
from galley_iac.plan.model import MIB, Container, PulledImage
from galley_iac.targets.docker import volumes
from galley_iac.targets.docker.images import Declared
from galley_iac.targets.docker.scope import Gate, Scope, hardened

_RESTART = {Restart.NEVER: "no"}
_JOB_TIMEOUT = "30m"
_DATA_GRACE = 10
"""Seconds for a service that keeps data to stop in its own way; any other is ended at once."""

LOG_OPTIONS = {"max-file": "2", "max-size": "10m"}
"""A service that fills its log must not fill the host's disk."""

REPLACE_BROKEN = ["#initerror", "healthcheck"]
"""A container that failed to start is recorded as made; without this the next update would leave it
(docs/engine.md).
"""


def declare(
    scope: Scope, container: Container, network: docker.Network, images: Declared, waits: Sequence[Gate]
) -> docker.Container:
    """The container of a service or a one-shot job, started when all of ``waits`` are open."""
    role = labels.ROLE_JOB if container.is_job else labels.ROLE_SERVICE
    arguments = _arguments(scope, container, network, images, role)
    return docker.Container(
        container.service,
        docker.ContainerArgs(**{**arguments, **(one_run() if container.is_job else {})}),
        opts=scope.options(
            depends_on=list(waits),
            delete_before_replace=True,
            replace_on_changes=REPLACE_BROKEN,
            additional_secret_outputs=_secret_outputs(container),
            replacement_trigger=_trigger(scope, container),
            custom_timeouts=pulumi.CustomTimeouts(create=_JOB_TIMEOUT) if container.is_job else None,
        ),
    )


def _trigger(scope: Scope, container: Container) -> str:
    """Changes when the container has to be a new one though none of its inputs differ.

    The provider takes a command, an entry point or an environment that is no longer given for one that may
    stay as it is.
    """
    given = (container.command, container.entrypoint, container.env)
    shape = "".join("1" if part else "0" for part in given)
    return f"{shape}-{scope.deploy}" if container.service in scope.renewed else shape


def _arguments(
    scope: Scope, container: Container, network: docker.Network, images: Declared, role: str
) -> dict[str, Any]:
    run = scope.facts.run(container.service, role) if container.is_job else ""
    port = str(container.expose or "")
    image = container.image.reference if isinstance(container.image, PulledImage) else ""
    own = scope.container_labels(
        container.service, role, kind=container.kind.value, port=port, image=image, run=run
    )
    return {
        "name": scope.name(container.service),
        "image": images[container.image].image_id,
        "command": list(container.command) if container.command else None,
        "entrypoints": list(container.entrypoint) if container.entrypoint else None,
        "envs": [_assignment(name, scope.text(value)) for name, value in container.env] or None,
        "labels": own,
        "networks_advanced": [attachment(network, container.service)],
        "hostname": container.service,
        "restart": _RESTART.get(container.restart, container.restart.value),
        "volumes": volumes.mounts(scope, container),
        "remove_volumes": True,
        "destroy_grace_seconds": _DATA_GRACE if container.volume and not container.ephemeral else None,
        "log_driver": "json-file",
        "log_opts": LOG_OPTIONS,
        "must_run": True,
        **limits(container.limits.cpus, container.limits.memory),
        **hardened(),
    }


def limits(cpus: float, memory: int) -> dict[str, Any]:
    """CPU and memory (in MiB) in the one form that shows no difference on the next update."""
    mebibytes = max(memory // MIB, 1)
    return {"cpus": str(float(cpus)), "memory": mebibytes, "memory_swap": mebibytes}


def attachment(network: docker.Network, *aliases: str) -> docker.ContainerNetworksAdvancedArgs:
    """Membership in the preview's network under the given DNS names."""
    return docker.ContainerNetworksAdvancedArgs(name=network.name, aliases=list(aliases))


def _assignment(name: str, value: pulumi.Input[str]) -> pulumi.Input[str]:
    if isinstance(value, str):
        return f"{name}={value}"
    return pulumi.Output.concat(name, "=", value)


def one_run() -> dict[str, Any]:
    """One run to the end, whose exit code and output are kept (docs/engine.md)."""
    return {"attach": True, "must_run": False, "logs": True, "restart": "no"}


def _secret_outputs(container: Container) -> list[str]:
    """A job's output may show what it was given."""
    hidden = ["containerLogs"] if container.is_job else []
    return hidden + (["envs"] if any(value.is_secret for _, value in container.env) else [])
