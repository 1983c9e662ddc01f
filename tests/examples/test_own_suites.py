"""examples/polyglot: the suites that its Go and Node parts bring along, run by their own tools."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.examples.folders import EXAMPLES

# ./internal needs nothing but the standard library: nothing is downloaded.
SUITES = {
    "polyglot/api": (["go", "test", "./internal/..."], "ok"),
    "polyglot/web": (["node", "--test"], "# fail 0"),
}


@pytest.mark.parametrize("folder", SUITES)
def test_the_parts_own_suite_passes(folder: str) -> None:
    command, sign = SUITES[folder]
    # Node tells a test that it is inside a test by this, and would then report in another form.
    environment = {name: value for name, value in os.environ.items() if name != "NODE_TEST_CONTEXT"}
    ended = subprocess.run(
        command,
        cwd=EXAMPLES / folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert sign in ended.stdout


def test_the_api_is_formatted() -> None:
    ended = subprocess.run(
        ["gofmt", "-l", "."],
        cwd=EXAMPLES / "polyglot/api",
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert ended.stdout == ""
