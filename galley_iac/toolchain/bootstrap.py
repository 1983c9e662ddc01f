"""Makes the checkout's virtual environment: ``python3 -m galley_iac.toolchain.bootstrap``.

Runs with the machine's own Python and uses the standard library alone, since nothing else is there yet.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from galley_iac.errors import MachineError
from galley_iac.toolchain import apt, artifact
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.runner import Runner, SystemRunner, ToolError

REQUIREMENTS = "requirements-dev.txt"


def ensure(checkout: Path, runner: Runner, console: Console, user: int | None = None) -> None:
    """Makes ``.venv`` with the locked requirements and the project itself; quick when that is done already.

    A virtual environment cannot be moved, so it is made in place and its stamp is written last.
    """
    environment = checkout / ".venv"
    key = _key(checkout)
    stamp = artifact.read_stamp(environment)
    if stamp is not None and stamp.key == key and (environment / "bin" / "galley").is_file():
        return
    with artifact.lock(checkout / ".venv.lock", console.note), console.step("Python environment, in .venv"):
        _create(environment, runner, console, user)
        _install(checkout, environment, runner, console)
        artifact.write_stamp(environment, artifact.Stamp(sys.version.split()[0], key, "package index"))


def _key(checkout: Path) -> str:
    digest = hashlib.sha256(f"{sys.version}{sys.executable}{checkout}".encode())
    for name in (REQUIREMENTS, "pyproject.toml"):
        digest.update((checkout / name).read_bytes())
    return digest.hexdigest()[:12]


def _create(environment: Path, runner: Runner, console: Console, user: int | None) -> None:
    shutil.rmtree(environment, ignore_errors=True)
    try:
        runner.run([sys.executable, "-m", "venv", environment])
    except ToolError as error:
        if "ensurepip" not in str(error):
            raise
        apt.install(["python3-venv"], "Python's venv module is not installed", runner, console, user)
        shutil.rmtree(environment, ignore_errors=True)
        runner.run([sys.executable, "-m", "venv", environment])


def _install(checkout: Path, environment: Path, runner: Runner, console: Console) -> None:
    def install(*options: str | Path) -> None:
        pip = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        runner.run([*pip, "install", "--progress-bar=off", *options], on_line=console.tick)

    install("--require-hashes", "--requirement", checkout / REQUIREMENTS)
    install("--no-deps", "--no-build-isolation", "--editable", checkout)


def main() -> int:
    """Exit code 3 when something on the machine is missing."""
    try:
        ensure(Path(__file__).resolve().parents[2], SystemRunner(), Console())
    except (MachineError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
