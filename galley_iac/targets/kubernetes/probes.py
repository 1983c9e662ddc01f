"""Readiness: a second container in each pod that asks the service, in its own protocol, for the exact status.

Kubernetes' own HTTP probe takes 302 for an answer, and asks nothing of a database. So the same script as on
Docker runs beside the service, in an image of its own, and needs nothing in the service's. It asks the
service's name, which within the pod is the pod's own address: what listens on loopback alone does not count.
"""

from __future__ import annotations

import math

import pulumi
import pulumi_kubernetes.core.v1 as core

from galley_iac import probe
from galley_iac.cluster import labels
from galley_iac.plan.checks import probe_arguments
from galley_iac.plan.cluster import PROBER
from galley_iac.plan.model import MIB, Container, HttpCheck, Limits, ProtocolCheck
from galley_iac.targets.kubernetes import quantity
from galley_iac.targets.kubernetes.scope import Scope, name_of

PROBER_LIMITS = Limits(cpus=0.25, memory=64 * MIB)
_SCRIPT = "ready.py"
_FOLDER = "/galley-probe"
_VOLUME = "probe"
_IDLE = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit()); signal.pause()"
_NOBODY = 65534
_AGAIN_EVERY, _AGAIN_WITHIN, _AGAIN_FAILURES = 10, 2, 3
"""Of what was ready once: seconds between two checks and for one, and how many must fail."""

_GRACE = 5
"""Seconds beyond the script's own time, for starting it on a busy node."""


def script(scope: Scope) -> pulumi.Output[str] | None:
    """The ConfigMap with the script, by name; None where no service is asked. Another script is another
    name.
    """
    if not scope.plan.probed:
        return None
    made = core.ConfigMap(
        "probe",
        metadata=scope.metadata(None, "", labels.ROLE_PROBE),
        immutable=True,
        data={_SCRIPT: probe.script()},
        opts=scope.options(),
    )
    return name_of(made.metadata)


def volume(script: pulumi.Output[str]) -> core.VolumeArgs:
    """The script as a pod's volume."""
    return core.VolumeArgs(name=_VOLUME, config_map=core.ConfigMapVolumeSourceArgs(name=script))


def prober(container: Container, image: pulumi.Input[str]) -> core.ContainerArgs:
    """The container that idles until it is asked.

    The startup probe is one run of the script that waits for the manifest's whole timeout, so its last word
    is in the event when the time is over. It is the last container: it starts when the service has been
    started.
    """
    check = container.check
    if not isinstance(check, HttpCheck | ProtocolCheck):
        raise TypeError(f"{container.service} has nothing to ask")
    return core.ContainerArgs(
        name=PROBER,
        image=image,
        image_pull_policy="IfNotPresent",
        command=["python3", "-c", _IDLE],
        startup_probe=_asking(container.service, check, check.timeout, period=1, failures=1),
        readiness_probe=_asking(
            container.service, check, _AGAIN_WITHIN, period=_AGAIN_EVERY, failures=_AGAIN_FAILURES
        ),
        volume_mounts=[core.VolumeMountArgs(name=_VOLUME, mount_path=_FOLDER, read_only=True)],
        resources=core.ResourceRequirementsArgs(
            limits=quantity.limits(PROBER_LIMITS), requests=quantity.requests(PROBER_LIMITS)
        ),
        security_context=_locked(),
    )


def _locked() -> core.SecurityContextArgs:
    return core.SecurityContextArgs(
        allow_privilege_escalation=False,
        capabilities=core.CapabilitiesArgs(drop=["ALL"]),
        read_only_root_filesystem=True,
        run_as_non_root=True,
        run_as_user=_NOBODY,
    )


def _asking(
    service: str, check: HttpCheck | ProtocolCheck, timeout: float, *, period: int, failures: int
) -> core.ProbeArgs:
    """One run of the script that takes ``timeout`` seconds at most."""
    command = ["python3", f"{_FOLDER}/{_SCRIPT}", *probe_arguments(service, check, timeout)]
    return core.ProbeArgs(
        exec_=core.ExecActionArgs(command=command),
        timeout_seconds=math.ceil(timeout) + _GRACE,
        period_seconds=period,
        failure_threshold=failures,
    )
