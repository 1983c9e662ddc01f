"""The Pulumi project that holds every preview's stack, and one preview's stack in it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation as auto
from pulumi.automation.errors import StackNotFoundError

from galley_iac import home, settext
from galley_iac.automation import passphrase, state
from galley_iac.automation.backend import (
    PROJECT,
    is_local,
    local_state,
    stacks,
    state_file,
)
from galley_iac.automation.command import OneSignalCommand
from galley_iac.automation.configuration import (
    PROJECT_ACCESS,
    PROJECT_REGISTRIES,
    PROJECT_SECRETS,
    REGISTRIES,
    SECRETS,
    ConfigFile,
    asked,
    config_file,
    copy_plain,
    inside,
    is_copied,
    mark_copied,
    project_stack,
    substitute,
    write_if_other,
)
from galley_iac.automation.stack import PreviewStack
from galley_iac.automation.state import State
from galley_iac.engine import registries
from galley_iac.errors import MachineError
from galley_iac.request import Prepared
from galley_iac.toolchain import locate

_PROGRAM = Path(__file__).parent.parent / "program"


def environment() -> dict[str, str]:
    """What ``pulumi`` needs to see the same stacks; a backend or passphrase that is set already stays.

    A shared backend demands the team's own passphrase or secrets provider; the local one has a key made once.
    """
    found = {"PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_HOME": str(tools().pulumi_home)}
    if "PULUMI_BACKEND_URL" not in os.environ:
        found["PULUMI_BACKEND_URL"] = f"file://{home.state()}"
    if not passphrase.is_given():
        if "PULUMI_BACKEND_URL" in os.environ and not is_local(os.environ["PULUMI_BACKEND_URL"]):
            return found
        found[passphrase.FILE] = str(passphrase.own())
    return found


def tools() -> locate.Tools:
    """Pulumi and its plugins; MachineError with the remedy when they are not there."""
    found = locate.locate()
    if found is None:
        raise MachineError("Pulumi is not installed", "run `galley setup`")
    return found


class Workspace:
    """All previews of one backend."""

    def __init__(self) -> None:
        located = tools()
        self.command = OneSignalCommand(located.pulumi, located.version)
        self.folder = home.workspace()
        self._environment = environment()
        write_if_other(self.folder / "Pulumi.yaml", yaml.safe_dump(_project_file()))
        self._workspace = auto.LocalWorkspace(
            work_dir=str(self.folder),
            program=_nothing,
            pulumi_home=str(located.pulumi_home),
            env_vars=self._environment,
            pulumi_command=self.command,
        )
        self._log_in(registries.Access())

    def names(self) -> list[str]:
        """Every stack of the backend, sorted; of a local one without asking, and so whatever is in them."""
        local = local_state()
        if local is not None:
            return stacks(local)
        return sorted(stack.name for stack in self._workspace.list_stacks())

    def updates(self) -> dict[str, datetime | None]:
        """Every stack of the backend, with the time of its last update; None where there was none."""
        return {stack.name: stack.last_update for stack in self._workspace.list_stacks()}

    def stack(self, name: str) -> PreviewStack:
        """A stack, which need not exist yet."""
        return PreviewStack(name, self._workspace)

    def exists(self, name: str) -> bool:
        """Whether the backend has the stack; the local one is asked by its file, which saves a process."""
        local = local_state()
        return name in self.names() if local is None else state_file(local, name).is_file()

    def state(self, name: str) -> State:
        """What the stack's state knows; empty when there is no such stack."""
        local = local_state()
        if local is not None:
            return state.of_stack(local, name)
        try:
            return state.from_deployment(self._workspace.export_stack(name).deployment or {})
        except StackNotFoundError:
            return State()

    def create(self, name: str) -> None:
        """Makes the stack where there is none."""
        if not self.exists(name):
            self._workspace.create_stack(name)

    def remove(self, name: str) -> None:
        """Forgets an empty stack and its configuration; one that still has resources is refused by Pulumi."""
        self._workspace.remove_stack(name)

    def file(self, name: str) -> ConfigFile:
        """A stack's configuration."""
        return config_file(name)

    def configure(self, prepared: Prepared) -> None:
        """Writes what the preview was asked for with and what is set for its project; other keys are kept."""
        name, request = prepared.plan.name, prepared.request
        if request.engine:
            # The provider's builder asks the environment for its engine, whatever the provider was told.
            self._workspace.env_vars = {**self._workspace.env_vars, "DOCKER_HOST": request.engine}
        if prepared.settings.cluster:
            # What a cut-off update has applied is ours as well, though no state says so.
            self._workspace.env_vars = {**self._workspace.env_vars, "PULUMI_K8S_ENABLE_PATCH_FORCE": "true"}
        self.file(name).merge(asked(request, prepared.source.path))
        self._hand_out(project_stack(prepared.plan.preview.identity.project), name, request.untrusted)
        access = registries.access(self.logins(name), os.environ, untrusted=request.untrusted)
        self._log_in(access)

    def _log_in(self, access: registries.Access) -> None:
        """Without this an update knows of no login at all; ``down`` needs none, wherever it runs."""
        login = registries.environment(access, os.environ, home.no_logins())
        self._workspace.env_vars = {**self._workspace.env_vars, **login}

    def _hand_out(self, project: str, name: str, untrusted: bool) -> None:
        common, own = self.file(project), self.file(name)
        if is_copied(common, own, untrusted=untrusted):
            return
        copy_plain(common, own, untrusted=untrusted)
        copied = [key for key in (PROJECT_SECRETS, PROJECT_REGISTRIES) if common.names(key)]
        if untrusted:
            self._substitute(name, common.names(PROJECT_SECRETS))
            copied = [inside(PROJECT_REGISTRIES, host) for host in sorted(common.open_registries())]
        copied += [PROJECT_ACCESS] if common.names(PROJECT_ACCESS) else []
        for key in copied:
            self.run("config", "copy", "--path", key, "--stack", project, "--dest", name)
        mark_copied(common, own, untrusted=untrusted)

    def _substitute(self, name: str, wanted: frozenset[str]) -> None:
        """An untrusted preview gets no secret of the project, only something in its place."""
        for secret in sorted(wanted - self.file(name).names(PROJECT_SECRETS)):
            self.set_secret(name, PROJECT_SECRETS, secret, substitute())

    def set_secret(self, stack: str, key: str, name: str, value: str) -> None:
        """Encrypts a value into a stack's configuration; through a pipe, since others can see arguments."""
        self.create(stack)
        path = inside(key, name)
        self.run("config", "set", "--path", path, "--secret", "--stack", stack, text=settext.quoted(value))

    def secrets(self, stack: str) -> dict[str, str]:
        """The values of a stack's secrets, the project's among them; asked for only where there are any."""
        found = self._decrypted(stack, PROJECT_SECRETS, SECRETS)
        return {name: settext.unquoted(value) for name, value in found.items()}

    def logins(self, stack: str) -> dict[str, registries.Login]:
        """The configured logins that a stack has, by host; asked for in the same way."""
        return registries.logins(self._decrypted(stack, PROJECT_REGISTRIES, REGISTRIES))

    def _decrypted(self, stack: str, *keys: str) -> dict[str, Any]:
        """What is in the maps under ``keys``, the later before the earlier."""
        if not self.file(stack).names(*keys):
            return {}
        shown = json.loads(self.run("config", "--show-secrets", "--json", "--stack", stack))
        maps = [shown.get(key, {}).get("objectValue") or {} for key in keys]
        return {name: value for found in maps for name, value in found.items()}

    def tags(self, stack: str) -> dict[str, str]:
        """A stack's tags, by a process of Pulumi's."""
        found: dict[str, str] = json.loads(self.run("stack", "tag", "ls", "--json", "--stack", stack))
        return found

    def tag(self, stack: str, name: str, value: str | None) -> None:
        """Sets one tag of a stack; None removes it. Pulumi has no way to set two at once."""
        verb, words = ("rm", [name]) if value is None else ("set", [name, value])
        self.run("stack", "tag", verb, "--stack", stack, "--", *words)

    def run(self, *arguments: str, text: str = "") -> str:
        """One command of Pulumi's, with ``text`` on its standard input; what it printed, or CommandError."""
        return self.command.run(list(arguments), str(self.folder), self._environment, text=text).stdout


def _nothing() -> None:
    """The program of what runs none: ``destroy``, ``refresh``. Without it Pulumi starts a language host for
    the one that the project names, which lists all of Python's packages, to find out which plugins it needs.
    """


def _project_file() -> Mapping[str, Any]:
    return {
        "name": PROJECT,
        "description": "One stack per branch, from galley.yaml",
        "runtime": {"name": "python"},
        "main": str(_PROGRAM),
        "stackConfigDir": "stacks",
    }
