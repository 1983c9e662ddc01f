"""Folders that are there whole or not at all."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path
from typing import Any

import pytest

from galley_iac.toolchain import artifact


def _fill(content: str) -> Any:
    def make(draft: Path) -> str:
        (draft / "file").write_text(content)
        return f"made of {content}"

    return make


def _refuse(_draft: Path) -> str:
    raise AssertionError("made again")


def test_a_folder_is_made_once_per_key(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "tool"

    first = artifact.ensure(folder, "1.0", "key", _fill("a"))
    second = artifact.ensure(folder, "1.0", "key", _refuse)

    assert first == second == artifact.Stamp("1.0", "key", "made of a")
    assert (folder / "file").read_text() == "a"


def test_another_key_replaces_the_whole_folder(tmp_path: Path) -> None:
    folder = tmp_path / "tool"
    artifact.ensure(folder, "1.0", "old", _fill("a"))
    (folder / "left over").touch()

    artifact.ensure(folder, "1.1", "new", _fill("b"))

    assert sorted(path.name for path in folder.iterdir()) == ["file", "galley.json"]
    assert artifact.read_stamp(folder) == artifact.Stamp("1.1", "new", "made of b")
    assert [path.name for path in tmp_path.iterdir()] == ["tool"]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_step_leaves_what_was_there(tmp_path: Path, interruption: type[BaseException]) -> None:
    folder = tmp_path / "tool"
    artifact.ensure(folder, "1.0", "old", _fill("a"))

    def interrupted(draft: Path) -> str:
        (draft / "half").touch()
        raise interruption

    with pytest.raises(interruption):
        artifact.ensure(folder, "1.1", "new", interrupted)

    assert artifact.read_stamp(folder) == artifact.Stamp("1.0", "old", "made of a")
    assert [path.name for path in tmp_path.iterdir()] == ["tool"]


def test_a_draft_of_a_killed_set_up_is_removed(tmp_path: Path) -> None:
    stale = tmp_path / ".galley-draft-tool-1"
    stale.mkdir()
    (stale / "half").touch()

    artifact.ensure(tmp_path / "tool", "1.0", "key", _fill("a"))

    assert [path.name for path in tmp_path.iterdir()] == ["tool"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": "1"}', '{"a": 1}'])
def test_a_folder_with_a_broken_note_is_not_ours(tmp_path: Path, content: str) -> None:
    (tmp_path / "galley.json").write_text(content)

    assert artifact.read_stamp(tmp_path) is None


def test_a_second_process_waits_for_the_lock_and_says_for_whom(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    waited: list[str] = []
    context = multiprocessing.get_context("fork")
    held, release = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(path, held, release))
    holder.start()
    assert held.wait(10)

    def on_wait(text: str) -> None:
        waited.append(text)
        release.set()

    with artifact.lock(path, on_wait):
        holder.join(10)
        assert path.read_text() == str(os.getpid())

    assert waited == [f"another set-up is running (process {holder.pid}): waiting for it"]


def test_the_lock_of_a_dead_process_is_free(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("4194304")

    with artifact.lock(tmp_path / "lock", pytest.fail):
        pass


def _hold(path: Path, held: Any, release: Any) -> None:
    with artifact.lock(path, print):
        held.set()
        release.wait(10)
