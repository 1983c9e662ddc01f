"""Docker as the provider would report it, and one preview's declaration on it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pulumi.runtime import mocks

from galley_iac.engine.facts import Facts
from galley_iac.plan.model import Plan
from galley_iac.targets.docker import declare
from tests.program.recording import Run, record

ROOT = Path("/repository")
ENGINE = "unix:///var/run/docker.sock"
SECRETS = {"TOKEN": "s3cr3t-token", "S3_SECRET_KEY": "s3cr3t-key"}


def identifier(image: str) -> str:
    """An image's id on the engine, by its name."""
    return f"sha256:{hashlib.sha256(image.encode()).hexdigest()}"


class FakeDocker(mocks.Mocks):  # type: ignore[misc]
    """Every object comes into being at once; ``outputs`` adds to what a resource reports, by name."""

    def __init__(self, outputs: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self._outputs = outputs or {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        state = {**args.inputs, **self._computed(args), **self._outputs.get(args.name, {})}
        return f"id-{args.name}", state

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        raise AssertionError(f"the program asks the provider for {args.token}")

    def _computed(self, args: mocks.MockResourceArgs) -> dict[str, Any]:
        if args.typ.endswith(":RemoteImage"):
            return {"imageId": identifier(args.inputs["name"])}
        if args.typ.endswith(":Container"):
            return {"exitCode": 0, "containerLogs": ""}
        return {}


def facts(plan: Plan, **more: Any) -> Facts:
    """Facts of a preview whose every run has succeeded, so that nothing in them is random."""
    runs = {(c.service, role): f"run-of-{c.service}" for c in plan.containers for role in ("job", "probe")}
    return Facts(**{"subnet": "10.213.0.0/26", "router_port": 20001, "runs": runs, **more})


def declared(
    plan: Plan,
    *,
    outputs: Mapping[str, Mapping[str, Any]] | None = None,
    found: Facts | None = None,
    preview: bool = False,
    root: Path = ROOT,
) -> Run:
    """Everything that is registered for a plan."""
    return record(
        lambda: declare(plan, found or facts(plan), SECRETS, root, ENGINE),
        FakeDocker(outputs),
        stack=plan.name,
        preview=preview,
    )
