"""Galley as the benchmark and the faults run it, on the engine for tests."""

from __future__ import annotations

import pytest

from bench.contenders.galley import Galley
from galley_iac.errors import MachineError
from galley_iac.toolchain import engine, locate


def contender() -> tuple[str, Galley]:
    """The engine's host and the command; where one of them is missing the test fails with the remedy."""
    try:
        found, tools = engine.for_tests(), locate.locate()
    except MachineError as error:
        pytest.fail(str(error), pytrace=False)
    assert tools is not None, "Pulumi is not there: run `make test`, which installs it"
    return found.host, Galley(tools)
