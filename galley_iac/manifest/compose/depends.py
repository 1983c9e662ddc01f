"""``depends_on`` and ``links`` → names, and what others wait for."""

from __future__ import annotations

from dataclasses import dataclass, field

from galley_iac.manifest import names
from galley_iac.manifest.compose.field import Field, Report

_CONDITIONS = ("service_started", "service_healthy", "service_completed_successfully")


@dataclass
class Waits:
    """Over all services: whose end is waited for, whose start, and whose health (with the place that says
    so).
    """

    ended: set[str] = field(default_factory=set)
    running: set[str] = field(default_factory=set)
    healthy: dict[str, Field] = field(default_factory=dict)


def collect(services: list[Field], report: Report) -> Waits:
    """What the services wait for, by the conditions of their ``depends_on``."""
    waits = Waits()
    for service in services:
        for dependency in report.mapping(service.get("depends_on")):
            condition = _condition(dependency, report)
            if condition == "service_completed_successfully":
                waits.ended.add(dependency.name)
            else:
                waits.running.add(dependency.name)
            if condition == "service_healthy":
                waits.healthy.setdefault(dependency.name, dependency)
    return waits


def names_of(service: Field, all_names: set[str], active: set[str], report: Report) -> tuple[str, ...]:
    """The services that this one depends on, once each, in the order of the file.

    ``all_names`` are those of the file, ``active`` those whose profile is on.
    """
    result: dict[str, Field] = {}
    for dependency in report.mapping(service.get("depends_on")):
        if _is_wanted(dependency, all_names, active, report):
            result[dependency.name] = dependency
    for link in report.items(service.get("links")):
        target, _, alias = (report.text(link) or "").partition(":")
        if alias and alias != target:
            rule = f"the link's alias `{alias}` is not carried over"
            report.note(link, rule, f"use `{target}` as the host name")
        result.setdefault(target, link)
    for index, at in enumerate(result.values()):
        report.place((*service.path, "depends_on", index), at)
    return tuple(result)


def _is_wanted(dependency: Field, all_names: set[str], active: set[str], report: Report) -> bool:
    optional = (report.text(dependency.get("required")) or "true").lower() == "false"
    is_off = dependency.name in all_names - active
    if is_off and not optional:
        rule = f"{names.shown(dependency.name)} is in a profile that is not on"
        report.wrong(dependency, rule, "ask for its profile with `--profile`, or write `required: false`")
    for key in report.mapping(dependency):
        if key.name == "restart" and (report.text(key) or "").lower() == "true":
            report.note(
                key,
                "`restart` is not carried over",
                "a service stays up when what it depends on is replaced",
            )
    return not is_off and not (optional and dependency.name not in all_names)


def _condition(dependency: Field, report: Report) -> str:
    at = dependency.get("condition")
    text = report.text(at)
    if at is None or text is None:
        return _CONDITIONS[0]
    if text not in _CONDITIONS:
        hint = names.did_you_mean(text, _CONDITIONS)
        report.wrong(at, f"{names.shown(text)} is no condition{hint}", f"write {names.listed(_CONDITIONS)}")
    return text
