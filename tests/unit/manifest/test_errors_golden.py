"""Every file under tests/golden/manifest/errors is refused with exactly the text beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from galley_iac.errors import InputError
from galley_iac.manifest import parse

ERRORS = Path(__file__).parents[2] / "golden" / "manifest" / "errors"


@pytest.mark.parametrize("path", sorted(ERRORS.glob("*.yaml")), ids=lambda path: path.stem)
def test_errors(path: Path, golden: Callable[[Path, str], None]) -> None:
    with pytest.raises(InputError) as raised:
        parse(path.read_text(encoding="utf-8"), "galley.yaml")
    golden(path.with_suffix(".txt"), f"{raised.value}\n")
    assert raised.value.exit_code == 2


def test_errors_as_json() -> None:
    with pytest.raises(InputError) as raised:
        parse((ERRORS / "cycle.yaml").read_text(encoding="utf-8"), "galley.yaml")
    assert raised.value.as_json()["problems"] == [
        {
            "file": "galley.yaml",
            "line": 4,
            "column": 65,
            "path": "services.api.depends_on.1",
            "rule": "a cycle: api → worker → mailer → api",
            "remedy": "remove one of these dependencies: none of the services could ever start",
        }
    ]
