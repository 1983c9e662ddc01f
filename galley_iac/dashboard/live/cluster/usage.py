"""What pods use, as the cluster's metrics API says it; a cluster need not have one."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from galley_iac.cluster.client import Api, Json
from galley_iac.dashboard.model import Usage

PATH = "/apis/metrics.k8s.io/v1beta1/namespaces/{preview}/pods"
_SMALL = {"n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"), "": Decimal(1)}
_UNITS = {
    **_SMALL,
    **{unit: Decimal(1000) ** power for power, unit in enumerate("kMGT", 1)},
    **{f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGT", 1)},
}


def usage(api: Api, preview: str) -> dict[str, Usage] | None:
    """By pod, all of its containers together; None where the cluster does not measure."""
    listing = api.find(PATH.format(preview=preview))
    if listing is None:
        return None
    return {one["metadata"]["name"]: _of_pod(one) for one in listing.get("items") or ()}


def _of_pod(found: Json) -> Usage:
    used = [one.get("usage") or {} for one in found.get("containers") or ()]
    cpus = sum(quantity(one.get("cpu", "0")) for one in used)
    return Usage(float(cpus), int(sum(quantity(one.get("memory", "0")) for one in used)))


def quantity(text: str) -> Decimal:
    """A number as Kubernetes writes it: ``1500000n``, ``15m``, ``2``, ``64Mi``; 0 for what is none."""
    digits = text.rstrip("numkMGTKi")
    try:
        return Decimal(digits) * _UNITS[text[len(digits) :]]
    except (InvalidOperation, KeyError):
        return Decimal(0)
