"""Options and fixtures that all tests share."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

TESTS = Path(__file__).parent

TOGETHER = frozenset({"forge", "shared"})
"""Folders whose tests share servers that are costly to start."""

CLUSTER = frozenset({"cluster", "conformance"})
SEED = frozenset({"seed", "other"})
"""Previews of the large example, which tests of several files look at."""

ALONE = (
    "browser/",
    "integration/test_capacity.py",
    "integration/test_gc.py",
    "integration/toolchain/",
    "unit/probe/",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Which tests stay in one process when several run at once (`--dist loadgroup`), and which run alone."""
    for item in items:
        place = item.path.relative_to(TESTS).as_posix()
        if place.startswith(ALONE):
            item.add_marker("alone")
        item.add_marker(pytest.mark.xdist_group(group(place, getattr(item, "fixturenames", ()))))


def group(place: str, fixtures: Collection[str]) -> str:
    """A file's tests share what is costly to make, and so do those that use the same servers."""
    folder = place.partition("/")[0]
    if folder in CLUSTER:
        return "cluster"
    if folder in TOGETHER:
        return folder
    return "seed" if SEED.intersection(fixtures) else place


def pytest_configure() -> None:
    """What a script starts in the background ignores Ctrl-C, and so would every command of a test."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files instead of comparing")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with a checked-in file; with ``--update-golden`` write the file instead."""
    update = request.config.getoption("--update-golden")

    def compare(path: Path, actual: str) -> None:
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(actual, encoding="utf-8")
        assert path.is_file(), f"{path} is missing: run pytest --update-golden and read what it wrote"
        assert actual == path.read_text(encoding="utf-8")

    return compare
