"""Readiness as a resource: what depends on a service waits for a declared check of it, not for its mere
start.

A check is a container on the preview's network that ends when the service answers, so it works whatever is
inside the service's own image. It carries the checked container's id, so a replaced service is checked again,
and a run label that is new after a failure, so a failed check is made again by the next update
(docs/engine.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_docker as docker

from galley_iac import probe
from galley_iac.engine import labels
from galley_iac.plan.model import Container, HttpCheck, ProtocolCheck
from galley_iac.targets.docker.containers import REPLACE_BROKEN, attachment, limits
from galley_iac.targets.docker.images import Declared
from galley_iac.targets.docker.scope import Scope, hardened

_PROBE_LIMITS = limits(0.5, 64 * 1024 * 1024)
_NOBODY = "65534:65534"
_GRACE = 60
"""Seconds beyond a check's own timeout before the update gives up on the check itself."""

ALL_CAPABILITIES = ("ALL",)


@dataclass(frozen=True)
class Ready:
    """``gate`` yields the resource to wait for, or fails the update when the service is not ready."""

    gate: pulumi.Input[pulumi.Resource]


def declare(
    scope: Scope, container: Container, declared: docker.Container, network: docker.Network, images: Declared
) -> Ready:
    """The check of one service, as the plan has it."""
    if container.is_job:
        return Ready(_gate(declared, f"{container.service}: the job"))
    if not isinstance(container.check, HttpCheck | ProtocolCheck):
        return Ready(declared)
    check = _probe(scope, container, container.check, declared, network, images)
    return Ready(_gate(check, f"{container.service}: the readiness check"))


def _gate(resource: docker.Container, what: str) -> pulumi.Output[pulumi.Resource]:
    """An output with a task of its own: it fails the update also when nothing depends on the service."""

    def passed(values: list[object]) -> pulumi.Resource:
        code, output = values
        if code != 0 and not pulumi.runtime.is_dry_run():
            last = str(output or "").strip().splitlines()[-1:]
            raise pulumi.RunError(
                f"{what} ended with exit code {code}" + "".join(f": {line}" for line in last)
            )
        return resource

    return pulumi.Output.all(resource.exit_code, resource.container_logs).apply(passed)


def _probe(
    scope: Scope,
    container: Container,
    check: HttpCheck | ProtocolCheck,
    declared: docker.Container,
    network: docker.Network,
    images: Declared,
) -> docker.Container:
    run = scope.facts.run(container.service, labels.ROLE_PROBE)
    return docker.Container(
        f"{container.service}.ready",
        docker.ContainerArgs(
            name=scope.name(container.service, "ready"),
            image=images[scope.plan.probe_image].image_id,
            command=["python3", probe.PATH, *_arguments(container.service, check)],
            envs=[pulumi.Output.concat("GALLEY_CHECKS=", declared.id)],
            labels=scope.container_labels(container.service, labels.ROLE_PROBE, run=run),
            networks_advanced=[attachment(network)],
            uploads=[docker.ContainerUploadArgs(content=probe.script(), file=probe.PATH)],
            user=_NOBODY,
            attach=True,
            must_run=False,
            logs=True,
            restart="no",
            **_PROBE_LIMITS,
            **hardened(ALL_CAPABILITIES),
        ),
        opts=scope.options(
            delete_before_replace=True,
            replace_on_changes=REPLACE_BROKEN,
            custom_timeouts=pulumi.CustomTimeouts(create=f"{int(check.timeout) + _GRACE}s"),
        ),
    )


def _arguments(service: str, check: HttpCheck | ProtocolCheck) -> list[str]:
    if isinstance(check, HttpCheck):
        return ["http", service, str(check.port), f"{check.timeout:g}", check.path, str(check.status)]
    return [check.protocol, service, str(check.port), f"{check.timeout:g}"]
