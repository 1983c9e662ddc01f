"""Which series of releases a range allows."""

from __future__ import annotations

import pytest

from galley_iac.buildpack.versions import allows, choose, parse

PYTHONS = tuple((3, minor) for minor in range(9, 15))
NODES = ((18,), (20,), (22,), (24,))


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (">=3.10", (3, 12)),
        (">=3.13", (3, 13)),
        (">= 3.9, < 3.12", (3, 11)),
        ("<=3.11", (3, 11)),
        ("==3.13.*", (3, 13)),
        ("3.10.4", (3, 10)),
        ("^3.13", (3, 13)),
        ("~3.10", (3, 10)),
        ("~=3.9", (3, 12)),
        ("~=3.9.2", (3, 9)),
        (">3.12", (3, 12)),
        (">=3.11,!=3.12.*", (3, 11)),
        (">=3.11,!=3.12.1", (3, 12)),
        ("<3.12 || >=3.14", (3, 11)),
        ("*", (3, 12)),
        ("", (3, 12)),
        ("<3", None),
        (">=3.15", None),
        ("newest", None),
        (">=three", None),
        (">=", None),
    ],
)
def test_python(wanted: str, chosen: tuple[int, ...] | None) -> None:
    assert choose(wanted, PYTHONS, (3, 12)) == chosen


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (">=18", (20,)),
        ("22.x", (22,)),
        ("^22.3.0", (22,)),
        (">=18.0.0 <20", (18,)),
        ("18 - 19", (18,)),
        ("^18 || ^24", (18,)),
        ("v24", (24,)),
        ("latest", (20,)),
        ("16", None),
    ],
)
def test_node(wanted: str, chosen: tuple[int, ...] | None) -> None:
    assert choose(wanted, NODES, (20,)) == chosen


def test_a_release_is_enough() -> None:
    assert allows(">=3.12.4,<3.12.9", (3, 12))
    assert not allows(">=3.12.4,<3.12.9", (3, 11))


def test_numbers() -> None:
    assert parse("3.12.1") == (3, 12, 1)
