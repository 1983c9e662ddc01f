from __future__ import annotations

import pytest

from tests.unit.manifest.support import VALID, problem, problems


@pytest.mark.parametrize("written", ["1", '"1"', "'1'"])
def test_version_is_one(written: str) -> None:
    assert problems(VALID.replace("version: 1", f"version: {written}")) == []


def test_missing() -> None:
    assert problem("version: 1\n", "") == (
        "galley.yaml:1:1: `version` is missing\n    write `version: 1` at the top"
    )


@pytest.mark.parametrize("written", ["2", "1.0", '"3.8"', "one", "01"])
def test_other_version(written: str) -> None:
    shown = written.strip('"')
    expected = f"galley.yaml:1:10: version: must be 1, not `{shown}`\n    write `version: 1`"
    assert problem("version: 1", f"version: {written}") == expected


def test_empty() -> None:
    assert problem("version: 1", "version:") == (
        "galley.yaml:1:1: version: has no value\n    write `version: 1`, or remove the key"
    )


def test_list() -> None:
    assert problem("version: 1", "version: [1]") == (
        "galley.yaml:1:1: version: must be one value, not a list or a mapping\n    write `version: 1`"
    )
