"""Readiness as a resource: what depends on a service waits for a declared check of it, not for its mere
start.

A check is a container on the preview's network that ends when the service answers, so it works whatever is
inside the service's own image. It carries the checked container's id, so a replaced service is checked again,
and a run label that is new after a failure, so a failed check is made again by the next update
(docs/engine.md).
"""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_docker as docker

from galley_iac import probe
from galley_iac.engine import labels
from galley_iac.masking import Masker
from galley_iac.plan.checks import probe_arguments
from galley_iac.plan.model import Container, HttpCheck, ProtocolCheck
from galley_iac.targets.docker.containers import REPLACE_BROKEN, attachment, limits, one_run
from galley_iac.targets.docker.images import Declared
from galley_iac.targets.docker.scope import Gate, Scope, hardened

_PROBE_LIMITS = limits(0.5, 64 * 1024 * 1024)
_NOBODY = "65534:65534"
_GRACE = 60
"""Seconds beyond a check's own timeout before the update gives up on the check itself."""

ALL_CAPABILITIES = ("ALL",)


def declare(
    scope: Scope, container: Container, declared: docker.Container, network: docker.Network, images: Declared
) -> Gate:
    """The check of one service, as the plan has it: what depends on the service waits for the gate."""
    if container.is_job:
        return _gate(scope, declared, f"{container.service}: the job")
    if not isinstance(container.check, HttpCheck | ProtocolCheck):
        return declared
    asked = probe_arguments(container.service, container.check, container.check.timeout)
    command = ["python3", probe.PATH, *asked]
    arguments = _probe(scope, container.service, command, declared, network)
    image = images[scope.plan.probe_image].image_id
    check = docker.Container(
        f"{container.service}.ready",
        docker.ContainerArgs(image=image, **arguments),
        opts=scope.options(
            delete_before_replace=True,
            replace_on_changes=REPLACE_BROKEN,
            custom_timeouts=pulumi.CustomTimeouts(create=f"{int(container.check.timeout) + _GRACE}s"),
        ),
    )
    return _gate(scope, check, f"{container.service}: the readiness check")


def _gate(scope: Scope, resource: docker.Container, what: str) -> pulumi.Output[pulumi.Resource]:
    """An output with a task of its own: it fails the update also when nothing depends on the service.

    Pulumi shows the error as it is, so secrets in the last line of output are masked here.
    """

    def passed(values: list[object]) -> pulumi.Resource:
        code, output = values
        if code != 0 and not pulumi.runtime.is_dry_run():
            last = "".join(f": {line}" for line in str(output or "").strip().splitlines()[-1:])
            raise pulumi.RunError(f"{what} ended with exit code {code}{Masker(scope.secrets.values())(last)}")
        return resource

    return pulumi.Output.all(resource.exit_code, resource.container_logs).apply(passed)


def _probe(
    scope: Scope,
    service: str,
    command: list[str],
    declared: docker.Container,
    network: docker.Network,
) -> dict[str, Any]:
    run = scope.facts.run(service, labels.ROLE_PROBE)
    return {
        "name": scope.name(service, "ready"),
        "command": command,
        "envs": [pulumi.Output.concat("GALLEY_CHECKS=", declared.id)],
        "labels": scope.container_labels(service, labels.ROLE_PROBE, run=run),
        "networks_advanced": [attachment(network)],
        "uploads": [docker.ContainerUploadArgs(content=probe.script(), file=probe.PATH)],
        "user": _NOBODY,
        **one_run(),
        **_PROBE_LIMITS,
        **hardened(ALL_CAPABILITIES),
    }
