"""A runner as CI has them: with a home and a checkout of its own; backend and passphrase are the team's."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from galley_iac.toolchain import locate
from tests.integration.harness.command import Completed, Galley, Running
from tests.integration.harness.repository import Repository


class SharedGalley(Galley):
    """The command with a backend that others use as well."""

    def __init__(self, home: Path, docker_host: str, tools: locate.Tools, shared: Mapping[str, str]) -> None:
        super().__init__(home, docker_host, tools)
        self.shared = dict(shared)

    def environment(self, **more: str) -> dict[str, str]:
        """As any command's, with the backend."""
        return super().environment(**{**self.shared, **more})


@dataclass(frozen=True)
class Runner:
    """``galley`` with a checkout of its own. ``host`` is the name of the host that it believes to be on."""

    galley: SharedGalley
    checkout: Repository
    host: str = ""

    def __call__(self, verb: str, branch: str, *words: str, **more: str) -> Completed:
        """One command for a branch's preview, to its end."""
        with self.started(verb, branch, *words, **more) as running:
            return running.wait()

    @contextlib.contextmanager
    def started(self, verb: str, branch: str, *words: str, **more: str) -> Iterator[Running]:
        """The same in the background."""
        command = [str(self.galley.program), verb, "--branch", branch, *words]
        with self.galley.started([*self._namespace(), *command], at=self.checkout.path, **more) as running:
            yield running

    def elsewhere(self, host: str) -> Runner:
        """The same runner as it would be on another host: in a namespace with another host's name."""
        return Runner(self.galley, self.checkout, host)

    def pulumi(self, *words: str) -> Completed:
        """Plain ``pulumi``, with what ``galley env`` would set."""
        program = str(self.galley.tools.pulumi)
        return self.galley.run([program, *words], at=self.galley.home / "workspace")

    def _namespace(self) -> list[str]:
        if not self.host:
            return []
        return ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', self.host]


def make(galley: SharedGalley, repository: Repository, path: Path) -> Runner:
    """A runner with a copy of the repository; the copy's name, and so the project's, is the same."""
    shutil.copytree(repository.path, path / repository.project)
    return Runner(galley, Repository(path / repository.project))
