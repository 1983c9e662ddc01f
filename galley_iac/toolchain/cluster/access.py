"""How a cluster is reached: our own, or for tests the one that the environment names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from galley_iac.errors import MachineError
from galley_iac.toolchain import paths
from galley_iac.toolchain.cluster import lifecycle, place

CONTEXT_VARIABLE = "GALLEY_TEST_KUBE_CONTEXT"
REGISTRY_VARIABLE = "GALLEY_TEST_KUBE_REGISTRY"
INGRESS_VARIABLE = "GALLEY_TEST_KUBE_INGRESS"


@dataclass(frozen=True)
class Access:
    """``kubeconfig`` and the ``context`` in it; ``registry`` and ``ingress`` are ``HOST:PORT``.

    Images are pushed to and pulled from the same ``registry``; ``ingress`` answers HTTP for every host name.
    """

    kubeconfig: Path
    context: str
    registry: str
    ingress: str
    ours: bool


def kubeconfig(environ: Mapping[str, str] = os.environ) -> Path:
    """Where our own cluster's kubeconfig is, or would be."""
    return place.folders(paths.layout(environ)).kubeconfig


def find(environ: Mapping[str, str] = os.environ) -> Access | None:
    """Our own cluster; None when it does not run."""
    found = place.folders(paths.layout(environ))
    chosen = place.read(found)
    if chosen is None or lifecycle.first_process(found) is None:
        return None
    return Access(found.kubeconfig, place.CONTEXT, chosen.registry, chosen.ingress, ours=True)


def for_tests(environ: Mapping[str, str] = os.environ) -> Access | None:
    """The cluster that GALLEY_TEST_KUBE_CONTEXT names, else our own; None when that does not run.

    Raises MachineError where another cluster is named without its registry or its ingress.
    """
    context = environ.get(CONTEXT_VARIABLE)
    if not context:
        return find(environ)
    missing = [name for name in (REGISTRY_VARIABLE, INGRESS_VARIABLE) if not environ.get(name)]
    if missing:
        raise MachineError(
            f"{CONTEXT_VARIABLE} names {context}, and {' and '.join(missing)} is not set",
            f"set it to HOST:PORT, or unset {CONTEXT_VARIABLE} for a cluster of the tests' own",
        )
    first = (environ.get("KUBECONFIG") or "").split(os.pathsep)[0]
    file = Path(first or Path(environ.get("HOME") or Path.home()) / ".kube" / "config")
    return Access(file, context, environ[REGISTRY_VARIABLE], environ[INGRESS_VARIABLE], ours=False)
