"""The Pulumi project of the edges: one stack each, in the same backend as the previews'."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from pulumi import automation as auto
from pulumi.automation.errors import CommandError, StackNotFoundError

from galley_iac import home
from galley_iac.automation import locks, report
from galley_iac.automation.backend import local_state
from galley_iac.automation.command import OneSignalCommand
from galley_iac.automation.configuration import ConfigFile, write_if_other
from galley_iac.automation.stack import PreviewStack
from galley_iac.automation.state import State, from_deployment
from galley_iac.automation.workspace import environment, tools
from galley_iac.errors import MachineError, PreviewError, UsageError

PROJECT = "galley-edge"
_TAKEN = re.compile(r"port is already allocated|address already in use")


class EdgeStack:
    """One edge's stack, whether or not there is one yet."""

    def __init__(self, name: str, engine: str | None = None) -> None:
        located = tools()
        self.name = name
        self.command = OneSignalCommand(located.pulumi, located.version)
        write_if_other(home.edge() / "Pulumi.yaml", yaml.safe_dump(_project_file()))
        found = {**environment(), **({"DOCKER_HOST": engine} if engine else {})}
        self._workspace = auto.LocalWorkspace(
            work_dir=str(home.edge()),
            pulumi_home=str(located.pulumi_home),
            env_vars=found,
            pulumi_command=self.command,
        )
        self._stack = PreviewStack(name, self._workspace)

    def exists(self) -> bool:
        """Whether the backend has it."""
        return self.name in {stack.name for stack in self._workspace.list_stacks()}

    def state(self) -> State:
        """What it knows of the engine's objects; nothing where there is no stack."""
        try:
            deployment = self._workspace.export_stack(self.name).deployment
        except StackNotFoundError:
            return State()
        return from_deployment(deployment or {})

    def prepare(self) -> None:
        """Makes the stack where there is none; else puts right what an interrupted update left in it.

        Raises PreviewError.
        """
        local = local_state()
        if local is not None:
            locks.release_dead(local, PROJECT, self.name, lambda: None)
        if not self.exists():
            self._workspace.create_stack(self.name)
        elif self.state().pending:
            self._guarded(lambda: self._stack.refresh(clear_pending_creates=True))

    def update(self, program: Callable[[], None]) -> None:
        """Brings the engine to what the program declares, whatever has happened to it in the meantime.

        Raises PreviewError with what Pulumi said, MachineError where a port is taken.
        """
        self._guarded(lambda: self._stack.up(program=program, refresh=True))

    def destroy(self) -> None:
        """Removes everything, and the stack."""
        self._guarded(self._stack.destroy)
        self._workspace.remove_stack(self.name)

    def _guarded(self, run: Callable[[], Any]) -> None:
        try:
            run()
        except CommandError as error:
            raise failure(self.name, report.clean(str(error))) from None


def failure(name: str, said: str) -> UsageError:
    """What Pulumi said of an edge, with a remedy."""
    if _TAKEN.search(said):
        return MachineError(
            f"another program has a port of edge {name}",
            "end it, or choose others: `galley edge up --http-port N --https-port N`",
        )
    remedy = report.remedy_for(said) or "run the command again; `galley doctor` checks this machine"
    return PreviewError(f"edge {name}:\n{said}", remedy)


def config_file(name: str) -> ConfigFile:
    """What an edge was asked for with."""
    return ConfigFile(home.edge() / "stacks" / f"Pulumi.{name}.yaml")


def _project_file() -> Mapping[str, Any]:
    return {
        "name": PROJECT,
        "description": "One router in front of all previews of a host",
        "runtime": {"name": "python"},
        "stackConfigDir": "stacks",
    }
