"""What a stand-in is made from."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.fetch import Fetcher
from galley_iac.toolchain.recipes import Fetch
from tests.toolchain.fakes import Answer, FakeRunner

GO = {"go": "/usr/bin/go"}


def _fetch(
    context: Path, kind: str, answers: dict[str, Answer], programs: dict[str, str], **options: Any
) -> FakeRunner:
    runner = FakeRunner(programs, {"go version": "go version go1.26.0 linux/amd64", **answers})
    Fetcher(runner, Console(io.StringIO())).fetch(Fetch(kind, "into", options), context)
    return runner


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def package() -> bytes:
    """An npm package with one file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo("package/bin/node")
        member.size, member.mode = 4, 0o755
        archive.addfile(member, io.BytesIO(b"node"))
    return buffer.getvalue()


@pytest.fixture
def wheel() -> bytes:
    """A wheel with one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("module/file", "content")
    return buffer.getvalue()


def _leaves(option: str, name: str, content: bytes) -> Answer:
    """A client that leaves a file in the folder that follows the option."""

    def answer(words: Sequence[str], _cwd: Path | None) -> str:
        (Path(words[words.index(option) + 1]) / name).write_bytes(content)
        return ""

    return answer


def test_an_npm_package_is_checked_and_unpacked(tmp_path: Path, package: bytes) -> None:
    answers = {"npm pack": _leaves("--pack-destination", "node-1.tgz", package)}

    runner = _fetch(
        tmp_path, "npm", answers, {"npm": "/usr/bin/npm"}, package="node@1", sha256=_digest(package)
    )

    assert runner.commands == [f"npm pack node@1 --pack-destination {tmp_path}/into"]
    assert (tmp_path / "into" / "package" / "bin" / "node").read_bytes() == b"node"
    assert [path.name for path in (tmp_path / "into").iterdir()] == ["package"]


def test_another_content_than_the_pinned_one_is_refused(tmp_path: Path, package: bytes) -> None:
    answers = {"npm pack": _leaves("--pack-destination", "node-1.tgz", package)}

    with pytest.raises(
        MachineError, match=f"node@1 has the checksum {_digest(package)}, pinned is 00: refused"
    ):
        _fetch(tmp_path, "npm", answers, {"npm": "/usr/bin/npm"}, package="node@1", sha256="00")

    assert not (tmp_path / "into" / "package").exists()


def test_without_npm(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match=r"npm is not installed\n\s+install Node"):
        _fetch(tmp_path, "npm", {}, {}, package="node@1", sha256="")


@pytest.mark.parametrize(("unpack", "left"), [(True, "module"), (False, "a-1.whl")])
def test_a_wheel_is_unpacked_unless_it_is_wanted_whole(
    tmp_path: Path, wheel: bytes, unpack: bool, left: str
) -> None:
    options = {"package": "a==1", "sha256": _digest(wheel), "unpack": unpack}

    _fetch(tmp_path, "pypi", {"python": _leaves("--dest", "a-1.whl", wheel)}, {}, **options)

    assert [path.name for path in (tmp_path / "into").iterdir()] == [left]


def test_a_go_program_fills_the_folder(tmp_path: Path) -> None:
    runner = _fetch(tmp_path, "go", {"go run": ""}, GO, module="python-runtime")

    assert runner.commands[-1] == f"go run . {tmp_path}/into"


def test_a_go_modules_files_are_copied(tmp_path: Path) -> None:
    sources = tmp_path / "module"
    sources.mkdir()
    (sources / "file").write_text("content")
    printed = "go: downloading golang.org/toolchain\n" + json.dumps({"Dir": str(sources)})

    _fetch(tmp_path, "go-module", {"go mod download -json x@v1": printed}, GO, module="x@v1")

    assert (tmp_path / "into" / "file").read_text() == "content"


def test_a_root_file_system_without_what_no_container_needs(tmp_path: Path) -> None:
    def debootstrap(words: Sequence[str], _cwd: Path | None) -> str:
        for path in ("bin/sh", "usr/share/doc/sh/copyright", "var/cache/apt/archives/sh.deb"):
            file = Path(words[-1]) / path
            file.parent.mkdir(parents=True)
            file.write_text(path)
        return ""

    def tar(words: Sequence[str], _cwd: Path | None) -> str:
        subprocess.run(words, check=True)
        return ""

    programs = {"debootstrap": "/usr/sbin/debootstrap"}
    answers: dict[str, Answer] = {"debootstrap": debootstrap, "tar": tar}

    runner = _fetch(tmp_path, "debootstrap", answers, programs, suite="bookworm", include=["a", "b"])

    assert runner.commands[0].startswith("debootstrap --variant=minbase --include=a,b bookworm ")
    with tarfile.open(tmp_path / "into" / "rootfs.tar") as archive:
        assert {name for name in archive.getnames() if archive.getmember(name).isfile()} == {"./bin/sh"}
    assert [path.name for path in (tmp_path / "into").iterdir()] == ["rootfs.tar"]


def test_an_unknown_kind_is_a_mistake_in_the_recipe(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="other"):
        _fetch(tmp_path, "other", {}, {})
