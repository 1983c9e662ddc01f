"""Load, plan, declare, export."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from collections.abc import Callable

import pulumi

from galley_iac.engine import registries
from galley_iac.engine.client import connect
from galley_iac.engine.facts import gather
from galley_iac.errors import GalleyError, MachineError
from galley_iac.handover import Handover
from galley_iac.plan.model import Plan
from galley_iac.plan.values import Secret
from galley_iac.program import config, on_cluster
from galley_iac.request import Prepared, Request, prepare
from galley_iac.targets.docker import declare
from galley_iac.toolchain import engine


def run(prepared: Prepared | None = None, handover: Handover | None = None) -> None:
    """Declares the preview that the stack is configured for; ``prepared`` saves making the plan a second
    time. ``handover`` has to last until the engine is done: that of this process, unless given.
    """
    prepared = prepared or prepare(config.read())
    request, plan = prepared.request, prepared.plan
    host = engine_host(request)
    access = registries.access(config.registries(), os.environ, untrusted=request.untrusted)
    handover = handover or _of_this_process()
    if cluster := prepared.settings.cluster:
        on_cluster.run(prepared, cluster, host, access, handover)
        _export(plan, "")
        return
    with contextlib.closing(connect(host)) as client:
        facts = gather(client, plan, prepared.settings.subnet_pool, anew=request.rebuild)
    secrets = {**config.secrets(), **config.access()}
    declare(plan, facts, secrets, prepared.source.root, host, access, handover)
    _export(plan, str(facts.router_port))


def engine_host(request: Request) -> str:
    """The engine to use: the configured one, else the one that this machine has."""
    if request.engine:
        return request.engine
    found = engine.find()
    if found is None:
        raise MachineError(
            "no Docker engine was found", "start Docker, set DOCKER_HOST, or run `galley setup`"
        )
    return found.host


def main(program: Callable[[], None] = run) -> None:
    """The entry of plain ``pulumi up``: what a user did wrong is shown without a traceback."""
    sys.excepthook = _quiet_interrupt
    try:
        program()
    except GalleyError as error:
        raise pulumi.RunError(str(error)) from None


def keeping_errors(
    prepared: Prepared, errors: list[GalleyError], handover: Handover | None = None
) -> Callable[[], None]:
    """The program for an engine that this process drives: what a person is meant to read goes to ``errors``.

    Pulumi would pass it on as text with a traceback.
    """

    def program() -> None:
        try:
            run(prepared, handover)
        except GalleyError as error:
            errors.append(error)
            raise

    return program


def _of_this_process() -> Handover:
    """The program ends before its resources do, the process that runs it does not."""
    made = Handover()
    atexit.register(made.close)
    return made


def _export(plan: Plan, router_port: str) -> None:
    def fill(part: object) -> str:
        return "" if isinstance(part, Secret) else router_port

    identity = plan.preview.identity
    urls = {route.service: route.url.render(fill) for route in plan.routes}
    pulumi.export("preview", plan.name)
    pulumi.export("urls", urls)
    pulumi.export("services", {c.service: c.kind.value for c in plan.containers})
    pulumi.export(
        "identity", {key: value for key, value in vars(identity).items() if value not in ("", None)}
    )


def _quiet_interrupt(kind: type[BaseException], error: BaseException, trace: object) -> None:
    """The language host interrupts the program when the engine cancels it: no error of the program's."""
    if not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)  # type: ignore[arg-type]
