"""Every resource of every example: its name, parent, dependencies, inputs and options."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.program.docker_mocks import declared, identifier
from tests.program.recording import Registered, Run, Secret
from tests.unit.plan.test_golden import MANIFESTS, example, name_of

GOLDEN = Path(__file__).parents[1] / "golden" / "program"


def shown(one: Registered) -> dict[str, Any]:
    found = {
        "parent": one.parent,
        "provider": one.provider,
        "dependencies": list(one.dependencies),
        "propertyDependencies": one.property_dependencies,
        "options": one.options,
        "inputs": one.inputs,
    }
    return {key: value for key, value in found.items() if value}


def as_text(run: Run, home: Path) -> str:
    """The registration as JSON; a secret as such, long uploads cut, images and the test's folder by name."""
    data = {one.key: shown(one) for one in run.resources}
    text = json.dumps(data, indent=1, sort_keys=True, default=_secret)
    for image in run.names("RemoteImage"):
        text = text.replace(identifier(image), f"sha256:{image}")
    return text.replace(str(home), "GALLEY_HOME") + "\n"


def _secret(value: Any) -> Any:
    assert isinstance(value, Secret)
    return {"secret": value.value}


def without_scripts(run: Run) -> Run:
    """The probe's script is a file of its own; here only that there is one."""
    for one in run.resources:
        for upload in one.inputs.get("uploads", []):
            if upload["content"].startswith('"""'):
                upload["content"] = upload["content"].splitlines()[0]
    return run


@pytest.mark.parametrize("path", MANIFESTS, ids=name_of)
def test_an_example(path: Path, golden: Callable[[Path, str], None], galley_home: Path) -> None:
    run = declared(example(path))
    assert run.error is None
    golden(GOLDEN / f"{name_of(path)}.json", as_text(without_scripts(run), galley_home))


def test_the_same_plan_is_the_same_registration(galley_home: Path) -> None:
    runs = {as_text(declared(example(MANIFESTS[1])), galley_home) for _ in range(2)}
    assert len(runs) == 1
