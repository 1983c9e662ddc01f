"""Errors are part of the product: sorted, complete, and the same as text and as data."""

from __future__ import annotations

import pytest

from galley_iac.errors import (
    GalleyError,
    InputError,
    MachineError,
    PreviewError,
    Problem,
    UsageError,
)

ONE = Problem("galley.yaml", 3, 5, "services.a", "is wrong", "Mend it.")
TWO = Problem("galley.yaml", 12, 1, "services.b", "is wrong too", "Mend it.")


def test_a_problem_as_text() -> None:
    assert str(ONE) == "galley.yaml:3:5: services.a: is wrong\n    Mend it."
    assert str(Problem("galley.yaml", 0, 0, "", "is missing", "Write it.")) == (
        "galley.yaml: is missing\n    Write it."
    )


def test_all_problems_once_in_the_order_of_the_file() -> None:
    error = InputError([TWO, ONE, TWO])
    assert error.problems == (ONE, TWO)
    assert str(error) == f"{ONE}\n{TWO}"


def test_as_data() -> None:
    assert InputError([ONE]).as_json() == {
        "kind": "input",
        "message": str(ONE),
        "problems": [
            {
                "file": "galley.yaml",
                "line": 3,
                "column": 5,
                "path": "services.a",
                "rule": "is wrong",
                "remedy": "Mend it.",
            }
        ],
    }


@pytest.mark.parametrize(
    ("error", "code"), [(GalleyError, 1), (PreviewError, 1), (UsageError, 2), (MachineError, 3)]
)
def test_exit_codes(error: type[GalleyError], code: int) -> None:
    assert error("x").exit_code == code


def test_a_remedy_is_a_line_of_its_own() -> None:
    assert str(UsageError("no branch", "name one")) == "no branch\n    name one"
    assert str(UsageError("no branch")) == "no branch"
