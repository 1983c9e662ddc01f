"""``deploy``, ``cpus``, ``mem_limit`` and ``restart``."""

from __future__ import annotations

from galley_iac.manifest import names, units
from galley_iac.manifest.compose.field import Field, Report
from galley_iac.manifest.compose.keys import DEPLOY, DEPLOY_RESOURCES, LIMITS, RESTART_POLICY
from galley_iac.manifest.fields import MOST_CPUS
from galley_iac.manifest.models import Resources, Restart

_RESTARTS = {
    "no": Restart.NEVER,
    "false": Restart.NEVER,
    "none": Restart.NEVER,
    "always": Restart.ALWAYS,
    "any": Restart.ALWAYS,
    "unless-stopped": Restart.UNLESS_STOPPED,
    "on-failure": Restart.ON_FAILURE,
}


def resources(service: Field, report: Report) -> Resources:
    """The limits; ``deploy.resources.limits`` wins over ``cpus`` and ``mem_limit``."""
    limits = _limits(service, report)
    cpus = (limits.get("cpus") if limits else None) or service.get("cpus")
    memory = (limits.get("memory") if limits else None) or service.get("mem_limit")
    return Resources(cpus=_cpus(cpus, report), memory=_memory(memory, report))


def restart(service: Field, report: Report) -> Restart | None:
    """What is said of restarting, None when nothing is. ``no`` and ``none`` are ``never``."""
    deploy = service.get("deploy")
    policy = deploy.get("restart_policy") if deploy else None
    at = service.get("restart") or (policy.get("condition") if policy else None)
    report.check_keys(policy, RESTART_POLICY)
    text = report.text(at)
    if text is None or at is None:
        return None
    word, _, count = text.partition(":")
    if word.lower() not in _RESTARTS:
        hint = names.did_you_mean(word, _RESTARTS)
        report.wrong(
            at,
            f"{names.shown(text)} is no restart policy{hint}",
            "write `no`, `always`, `unless-stopped` or `on-failure`",
        )
        return None
    if count:
        report.note(at, "the number of restarts is not carried over", "it is restarted whenever it fails")
    report.place((*service.path, "restart"), at)
    return _RESTARTS[word.lower()]


def check_replicas(service: Field, report: Report) -> None:
    """More than one container of a service is not carried over."""
    deploy = service.get("deploy")
    for at in (service.get("scale"), deploy.get("replicas") if deploy else None):
        count = report.text(at)
        if at is not None and count not in {None, "1"}:
            report.note(
                at, f"{names.shown(count or '')} containers are not carried over", "it has one container"
            )


def _limits(service: Field, report: Report) -> Field | None:
    deploy = service.get("deploy")
    report.check_keys(deploy, DEPLOY)
    found = deploy.get("resources") if deploy else None
    report.check_keys(found, DEPLOY_RESOURCES)
    limits = found.get("limits") if found else None
    report.check_keys(limits, LIMITS)
    return limits


def _cpus(at: Field | None, report: Report) -> float | None:
    text = report.text(at)
    if text is None or at is None:
        return None
    found = units.cpus(text)
    if found is None or not 0.01 <= found <= MOST_CPUS:
        report.wrong(
            at,
            f"{names.shown(text)} is no number of CPUs from 0.01 to 1024",
            'write a number, such as `"0.5"`',
        )
        return None
    return found


def _memory(at: Field | None, report: Report) -> int | None:
    text = report.text(at)
    if text is None or at is None:
        return None
    found = units.memory(text)
    if found is None or not units.SMALLEST_MEMORY <= found < units.LARGEST_MEMORY:
        report.wrong(
            at,
            f"{names.shown(text)} is no amount of memory from 6m",
            'write a number with a unit, such as `"512m"`',
        )
        return None
    return found
