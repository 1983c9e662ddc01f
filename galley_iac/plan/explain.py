"""The plan in words, for people."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from galley_iac.plan.model import (
    MIB,
    BuiltImage,
    Check,
    Container,
    ExitCheck,
    HttpCheck,
    Plan,
    ProtocolCheck,
)


def as_text(plan: Plan) -> str:
    """Every service with what it is made of, what it waits for and where it answers; secrets masked."""
    head = f"{plan.name}  ({plan.preview.identity.describe()})"
    return "\n".join([head, *(line for container in plan.containers for line in _container(plan, container))])


def _container(plan: Plan, container: Container) -> Iterable[str]:
    yield ""
    yield f"{container.service}  {container.kind.value}{', one-shot job' if container.is_job else ''}"
    yield f"  image    {_image(container)}"
    if container.command:
        yield f"  start    {shlex.join(container.command)}"
    if container.depends_on:
        yield f"  after    {', '.join(container.depends_on)}"
    yield f"  ready    {_check(container.check)}"
    for name, value in container.env:
        yield f"  env      {name}={value}"
    if container.volume:
        kept = "until the next deploy" if container.ephemeral else "kept"
        yield f"  data     {container.volume.path} {kept}"
    yield f"  limits   {container.limits.cpus:g} cpu, {container.limits.memory // MIB} MiB"
    for route in plan.routes:
        if route.service == container.service:
            yield f"  url      {route.url}"


def _image(container: Container) -> str:
    image = container.image
    if not isinstance(image, BuiltImage):
        return image.reference
    target = f", stage {image.target}" if image.target else ""
    return f"{image.tag}  (built from {image.context}, {image.dockerfile}{target})"


def _check(check: Check) -> str:
    if isinstance(check, HttpCheck):
        return f"GET {check.path} on port {check.port} answers {check.status} within {check.timeout:g} s"
    if isinstance(check, ProtocolCheck):
        return f"{check.protocol} answers on port {check.port} within {check.timeout:g} s"
    return "it has exited with 0" if isinstance(check, ExitCheck) else "it runs"
