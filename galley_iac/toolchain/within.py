"""Runs a command where our engine's published ports are reached.

``python -m galley_iac.toolchain.within COMMAND ARGUMENTS...``
"""

from __future__ import annotations

import os
import sys

from galley_iac.toolchain import paths
from galley_iac.toolchain.dockerd import Daemon
from galley_iac.toolchain.namespace import entering


def main() -> None:
    """Becomes the command, in the engine's network namespace where that is another than ours."""
    named = os.environ.get("GALLEY_TEST_DOCKER_HOST")
    words = [*entering(None if named else Daemon(paths.layout()).pid()), *sys.argv[1:]]
    os.execvp(words[0], words)


if __name__ == "__main__":
    main()
