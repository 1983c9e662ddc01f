"""``deploy``, ``cpus``, ``mem_limit`` and ``restart``."""

from __future__ import annotations

from galley_iac.manifest import names, units
from galley_iac.manifest.compose.field import Field, Report
from galley_iac.manifest.compose.keys import DEPLOY_DROPPED, DEPLOY_READ
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
    for child in report.mapping(policy):
        if child.name != "condition":
            report.note(
                child, f"`{child.name}` is not carried over", "The engine decides when and how often."
            )
    text = report.text(at)
    if text is None or at is None:
        return None
    word, _, count = text.partition(":")
    if word.lower() not in _RESTARTS:
        hint = names.did_you_mean(word, _RESTARTS)
        report.wrong(
            at, f"{names.shown(text)} is no restart policy{hint}", "Write `no`, `always` or `on-failure`."
        )
        return None
    if count:
        report.note(at, "the number of restarts is not carried over", "It is restarted whenever it fails.")
    report.place((*service.path, "restart"), at)
    return _RESTARTS[word.lower()]


def check_replicas(service: Field, report: Report) -> None:
    """More than one container of a service is not carried over."""
    deploy = service.get("deploy")
    for at in (service.get("scale"), deploy.get("replicas") if deploy else None):
        count = report.text(at)
        if at is not None and count not in {None, "1"}:
            report.note(
                at, f"{names.shown(count or '')} containers are not carried over", "It has one container."
            )


def _limits(service: Field, report: Report) -> Field | None:
    deploy = service.get("deploy")
    for key in report.mapping(deploy):
        if key.name in DEPLOY_DROPPED:
            report.note(key, f"`deploy.{key.name}` is not carried over", DEPLOY_DROPPED[key.name])
        elif key.name not in DEPLOY_READ:
            known = DEPLOY_READ | DEPLOY_DROPPED.keys()
            rule = f"unknown key{names.did_you_mean(key.name, known)}"
            report.wrong(key, rule, f"Known here: {', '.join(sorted(known))}.")
    found = deploy.get("resources") if deploy else None
    for key in report.mapping(found):
        if key.name == "reservations":
            report.note(key, "reservations are not carried over", "Only limits are set.")
    limits = found.get("limits") if found else None
    for key in report.mapping(limits):
        if key.name not in {"cpus", "memory"}:
            report.note(key, f"`{key.name}` is not carried over", "The engine's own setting is used.")
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
            'Write a number, such as `"0.5"`.',
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
            'Write a number with a unit, such as `"512m"`.',
        )
        return None
    return found
