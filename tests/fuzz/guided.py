"""Coverage-guided fuzzing of one target, for longer runs by hand.

``python -m tests.fuzz.guided manifest -runs=100000``; further options are libFuzzer's. Needs atheris, which
is no dependency of the project: ``pip install atheris``.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

SHAPES = Path(__file__).parents[1] / "golden" / "manifest" / "shapes"


def main() -> None:
    """Fuzz the target that the first argument names, beginning with the golden shapes."""
    atheris: Any = importlib.import_module("atheris")
    name, *options = sys.argv[1:]
    included = ["galley_iac.manifest", "galley_iac.plan.identity", "galley_iac.source.patterns", "yaml"]
    with atheris.instrument_imports(include=included):  # only what is not imported yet
        targets = importlib.import_module("tests.fuzz.targets")
    target = targets.TARGETS[name]

    def one(content: bytes) -> None:
        target(content.decode("utf-8", errors="replace"))

    with tempfile.TemporaryDirectory() as found:  # the first folder is the one that is written to
        atheris.Setup([sys.argv[0], "-max_len=4096", *options, found, str(SHAPES)], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
