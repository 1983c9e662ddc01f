"""Running one command of a contender."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from bench.leftovers import marked
from bench.running import CommandError, run

ENVIRONMENT = dict(os.environ)


def python(text: str, **more: float) -> object:
    return run([sys.executable, "-u", "-c", text], Path.cwd(), ENVIRONMENT, **more)


def test_lines_have_the_time_at_which_they_came() -> None:
    found = run(
        [sys.executable, "-u", "-c", "import time; print('a'); time.sleep(0.3); print('b')"],
        Path.cwd(),
        ENVIRONMENT,
    )

    (first, one), (second, two) = found.lines
    assert (one, two) == ("a", "b")
    assert second - first >= 0.2
    assert found.seconds >= second


def test_a_failure_shows_what_was_said_last() -> None:
    with pytest.raises(CommandError, match=r"failed: 3\n  why it failed"):
        python("import sys; print('why it failed', file=sys.stderr); sys.exit(3)")


def test_a_command_is_bounded_and_nothing_of_it_stays(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    begun = time.monotonic()

    note = f"open({str(pid)!r}, 'w').write(str(os.getpid()))"

    with pytest.raises(CommandError, match=r"0\.5 s were over"):
        python(f"import os, time; {note}; time.sleep(100)", bound=0.5)

    assert time.monotonic() - begun < 60
    # A command that was ended before it could write has left nothing either.
    assert not pid.exists() or not Path("/proc", pid.read_text() or "none").exists()


def record(name: str, parent: str = "", text: str = "") -> dict[str, str]:
    return {"ID": name, "Parent": parent, "Description": text}


def test_of_the_cache_only_what_follows_from_the_mark_is_removed() -> None:
    records = [
        record("base", text="pulled from python"),
        record("last", "middle", "COPY . ."),
        record("middle", "own", "RUN pip install"),
        record("own", "base", "COPY bench-mark.txt /bench1-x.txt"),
        record("other", "base", "COPY bench-mark.txt /bench2-x.txt"),
    ]

    assert marked(records, "bench1-x") == ["last", "middle", "own"]


def test_a_list_of_parents_is_understood() -> None:
    records = [{"ID": "a", "Description": "COPY m /bench1.txt"}, {"ID": "b", "Parents": ["a"]}]

    assert marked(records, "bench1") == ["b", "a"]
