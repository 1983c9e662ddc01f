"""The errors that a person is meant to read, one class per exit code.

Exit codes (docs/cli.md): 0 done, 1 the preview failed, 2 the input is wrong, 3 something on the machine is
missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong (or, as a warning, noteworthy) in a file, and what to do about it.

    ``line`` and ``column`` count from 1; 0 means that the problem has no place (a missing file).
    ``path`` is the dotted path in the document, such as ``services.api.expose``.
    """

    file: str
    line: int
    column: int
    path: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        where = f"{place}: {self.path}: " if self.path else f"{place}: "
        return f"{where}{self.rule}\n    {self.remedy}"


class GalleyError(Exception):
    """Base of every error that ends a command without a traceback."""

    exit_code = 1
    kind = "failed"
    problems: tuple[Problem, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The value of ``--json``'s ``error`` key."""
        return {"kind": self.kind, "message": str(self), "problems": [asdict(p) for p in self.problems]}


class InputError(GalleyError):
    """The input is wrong: every problem found in one run, in the order of the file."""

    exit_code = 2
    kind = "input"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(p) for p in self.problems))


class UsageError(GalleyError):
    """The command line or the configuration asks for something that cannot be: one sentence and a remedy."""

    exit_code = 2
    kind = "input"

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message}\n    {remedy}" if remedy else message)


class MachineError(UsageError):
    """Something on this machine is missing or does not answer (Docker, Pulumi, a plugin)."""

    exit_code = 3
    kind = "machine"


class PreviewError(UsageError):
    """The preview could not be brought to the declared state."""

    exit_code = 1
    kind = "preview"
