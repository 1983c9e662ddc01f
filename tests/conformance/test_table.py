"""The table of docs/conformance.md is what the tests have found; a cell that did not run fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conformance import test_conformance
from tests.conformance.conftest import Table
from tests.conformance.manifest import TARGETS

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"
HEAD = """# The same on both targets

One manifest, brought up on Docker and on Kubernetes, and the same questions asked of both. This page is
written by the tests that ask them (`tests/conformance`); a cell that was not asked fails them.

- **enforced**: seen to hold.
- **applied, not enforced here**: declared, and the cluster that the tests use does not see to it.
- **refused, by name and line**: the target cannot do it, and says so before anything is touched.
- **left open**: seen not to hold; [network.md](network.md) says what closes it.

"""


def rows() -> list[str]:
    """In the order in which they are asked."""
    found = [one for name, one in vars(test_conformance).items() if name.startswith("test_")]
    return [str(one.__doc__) for one in found]


def page(table: Table) -> str:
    lines = [f"| | {' | '.join(TARGETS)} |", f"|---{'|---' * len(TARGETS)}|"]
    for row in rows():
        cells = [table.cells[row][target] for target in TARGETS]
        lines.append(f"| {row.rstrip('.')} | {' | '.join(cells)} |")
    return HEAD + "\n".join(lines) + "\n"


def test_every_cell_was_asked_and_the_page_says_what_was_found(
    table: Table, golden: Callable[[Path, str], None]
) -> None:
    asked = {(row, target) for row, found in table.cells.items() for target in found}
    assert asked == {(row, target) for row in rows() for target in TARGETS}
    golden(PAGE, page(table))
