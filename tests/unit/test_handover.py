"""Values and logs that are handed to another process of the same user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from galley_iac.handover import Handover
from galley_iac.masking import MASK, Masker

READ = "import sys; sys.stdout.buffer.write(open(sys.argv[1], 'rb').read())"
WRITE = "import sys; f = open(sys.argv[1], 'a'); f.write(sys.argv[2]); f.close()"


def run(script: str, *words: str) -> bytes:
    return subprocess.run([sys.executable, "-c", script, *words], capture_output=True, check=True).stdout


@pytest.mark.parametrize("value", ["", "0755", "a\nb\n", "größe 🔑 \"'$#", "x" * 200_000])
def test_another_process_reads_exactly_the_value_as_often_as_it_likes(value: str) -> None:
    with Handover() as handover:
        path = handover.value(value)
        assert [run(READ, path), run(READ, path)] == [value.encode()] * 2


def test_a_value_is_gone_when_it_is_left() -> None:
    with Handover() as handover:
        path = handover.value("value")
        assert Path(path).exists()
    assert not Path(path).exists()


def test_what_another_process_writes_is_masked_and_complete(tmp_path: Path) -> None:
    target = tmp_path / "log"
    with Handover() as handover:
        path = handover.log(target, Masker(["secret"]))
        run(WRITE, path, "one secret\ntwo")
    assert target.read_text() == f"one {MASK}\ntwo"


def test_a_log_is_appended_to(tmp_path: Path) -> None:
    target = tmp_path / "log"
    target.write_text("before\n")
    with Handover() as handover:
        handover.log(target, str)
    assert target.read_text() == "before\n"


def test_a_long_value_is_recognised_in_one_line(tmp_path: Path) -> None:
    value = "v" * 65_536
    with Handover() as handover:
        path = handover.log(tmp_path / "log", Masker([value]))
        Path(path).write_text(f"a {value} b\n")
    assert (tmp_path / "log").read_text() == f"a {MASK} b\n"


def test_nothing_stays_open() -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with Handover() as handover:
        handover.value("value")
        handover.log(Path(os.devnull), str)
        assert len(os.listdir("/proc/self/fd")) > before  # noqa: PTH208
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
