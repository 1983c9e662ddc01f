"""Every object of two examples on a cluster: its name, parent, dependencies, inputs and options."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from galley_iac.manifest import parse
from galley_iac.plan.identity import Identity
from galley_iac.plan.model import Plan
from galley_iac.plan.preview import Address
from tests.program.kubernetes_mocks import CLUSTER, declared
from tests.program.recording import Run
from tests.program.test_graph import GOLDEN, as_text
from tests.unit.plan import test_golden
from tests.unit.plan.support import EXAMPLES, plan

NAMES = ("python", "polyglot")


def example(name: str) -> Plan:
    """The example as the preview of a branch, for a cluster."""
    text = (EXAMPLES / name / "galley.yaml").read_text(encoding="utf-8")
    settings = dataclasses.replace(test_golden.SETTINGS, cluster=CLUSTER)
    manifest = parse(text, "galley.yaml").manifest
    return plan(manifest, Identity(name, branch="main"), Address(port=8080), settings)


def without_script(run: Run) -> Run:
    """The probe's script is a file of its own; here only that there is one."""
    for one in run.of("ConfigMap"):
        data = one.inputs["data"]
        data["ready.py"] = data["ready.py"].splitlines()[0]
    return run


@pytest.mark.parametrize("name", NAMES)
def test_an_example(name: str, golden: Callable[[Path, str], None], galley_home: Path) -> None:
    run = declared(example(name))
    assert run.error is None
    golden(GOLDEN / "kubernetes" / f"{name}.json", as_text(without_script(run), galley_home))


def test_the_same_plan_is_the_same_registration(galley_home: Path) -> None:
    assert len({as_text(declared(example("python")), galley_home) for _ in range(2)}) == 1
