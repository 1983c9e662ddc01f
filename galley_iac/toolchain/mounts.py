"""Mounts that a killed Docker daemon leaves behind: they would keep its data from being removed."""

from __future__ import annotations

from pathlib import Path

from galley_iac.toolchain.runner import Runner

_TABLE = Path("/proc/self/mountinfo")
_POINT = 4
"""The column of the table that holds where something is mounted."""


def below(folder: Path, table: str) -> list[str]:
    """The mount points at and below the folder, the deepest and latest first."""
    points = [_unescaped(line.split()[_POINT]) for line in table.splitlines()]
    return [point for point in reversed(points) if Path(point).is_relative_to(folder)]


def unmount_below(folder: Path, runner: Runner) -> None:
    """Unmounts all of them. Raises ToolError where one is in use."""
    for point in below(folder, _TABLE.read_text()):
        runner.run(["umount", point])


def _unescaped(point: str) -> str:
    """The kernel writes blanks and backslashes as octal numbers."""
    return point.encode("latin-1").decode("unicode_escape") if "\\" in point else point
