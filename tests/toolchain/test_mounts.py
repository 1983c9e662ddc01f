"""Mounts that a killed daemon leaves."""

from __future__ import annotations

from pathlib import Path

from galley_iac.toolchain import mounts

TABLE = r"""
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 22 254:0 /t/engine/data /t/engine/data rw - ext4 /dev/vda rw
41 40 0:55 / /t/engine/data/overlay2/x/merged rw - overlay overlay rw
42 22 254:0 /t/engine/data /t/engine/data rw - ext4 /dev/vda rw
43 22 0:56 / /t/engine-of-another rw - tmpfs tmpfs rw
44 22 0:57 / /t/with\040blank rw - tmpfs tmpfs rw
""".strip()


def test_the_deepest_and_latest_come_first() -> None:
    assert mounts.below(Path("/t/engine"), TABLE) == [
        "/t/engine/data",
        "/t/engine/data/overlay2/x/merged",
        "/t/engine/data",
    ]


def test_a_name_with_a_blank() -> None:
    assert mounts.below(Path("/t/with blank"), TABLE) == ["/t/with blank"]


def test_nothing_is_mounted() -> None:
    assert mounts.below(Path("/elsewhere"), TABLE) == []
