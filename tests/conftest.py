"""Options and fixtures that all tests share."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

TESTS = Path(__file__).parent

TOGETHER = {name: name for name in ("cluster", "edge", "forge", "shared")} | {"conformance": "cluster"}
"""Folders whose tests share servers that are costly to start, and by which name they stay together."""

ALONE = (
    "browser/",
    "integration/test_capacity.py",
    "integration/test_gc.py",
    "integration/toolchain/",
    "unit/probe/",
)
"""Tests that measure time, or that look at all that an engine has."""


def pytest_itemcollected(item: pytest.Item) -> None:
    if item.path.relative_to(TESTS).as_posix().startswith(ALONE):
        item.add_marker("alone")


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """Of several processes, one runs a whole file, since its tests share what is costly to make."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return TOGETHER.get(Path(file).relative_to(TESTS.name).parts[0], file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Together:
    """For `pytest -n NUMBER`."""
    return Together(config, log)


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
