"""An update that is cut off at any moment leaves a state from which both ``up`` and ``down`` work."""

from __future__ import annotations

import os
import signal

import pytest

from tests.integration.conftest import MakePreview
from tests.integration.harness.command import Running
from tests.integration.harness.preview import Preview
from tests.integration.harness.repository import Repository
from tests.integration.harness.web import eventually

MANIFEST = """
    version: 1
    services:
      api:
        kind: api
        build: {path: ./, start: "sleep 4 && exec python3 -u /server.py"}
        expose: 8000
        depends_on: [cache]
        health: {path: /healthz, timeout: 60s}
      cache:
        kind: cache
        image: redis:7-alpine
        expose: 6379
"""
HEALTH, BUILD = "api: waiting for health", "api: building"
INTERRUPTED = 130


def slow_build(repository: Repository) -> Repository:
    """A build that takes four seconds, and that no earlier build's cache can shorten."""
    text = (repository.path / "Dockerfile").read_text(encoding="utf-8")
    step = f"RUN echo {repository.project} && sleep 4\n"
    return repository.write("Dockerfile", text.replace("COPY", f"{step}COPY", 1))


def cut_off(preview: Preview, running: Running, moment: str) -> None:
    """Waits until the update is in the middle of ``moment``."""
    running.line(moment)
    if moment == BUILD:
        eventually(lambda: "sleep 4" in newest_build_log(preview), "the build has begun")


def newest_build_log(preview: Preview) -> str:
    folder = preview.galley.home / "builds"
    mine = [path for path in folder.glob("*.log") if preview.repository.project in path.name]
    return mine[0].read_text(encoding="utf-8") if mine else ""


def converges(preview: Preview) -> None:
    """The next update needs no help, and the one after it has nothing left to do."""
    preview.up()
    assert preview.states() == {"api": "ready", "cache": "ready"}
    assert preview.ask("api").status == 200
    assert "nothing to change" in preview.up().err


def nothing_runs(preview: Preview) -> bool:
    return not preview.galley.processes()


@pytest.mark.parametrize("moment", [BUILD, HEALTH])
def test_ctrl_c(small: Repository, make_preview: MakePreview, moment: str) -> None:
    """A terminal's Ctrl-C reaches the whole process group."""
    with make_preview(slow_build(small.manifest(MANIFEST))) as preview:
        with preview.background("up") as running:
            cut_off(preview, running, moment)
            running.signal(signal.SIGINT)
            done = running.wait(60)
        assert done.code == INTERRUPTED, done.text
        assert "`galley up` goes on from here" in done.err
        assert nothing_runs(preview)
        converges(preview)


def test_sigterm_and_down(small: Repository, make_preview: MakePreview) -> None:
    """The context's end takes down what the interrupted update has left."""
    with make_preview(small.manifest(MANIFEST)) as preview:
        with preview.background("up") as running:
            cut_off(preview, running, HEALTH)
            os.kill(running.pid, signal.SIGTERM)
            done = running.wait(60)
        assert done.code == INTERRUPTED, done.text
        assert nothing_runs(preview)
        assert preview.left() != []


def test_ctrl_c_does_not_wait_for_a_long_job(small: Repository, make_preview: MakePreview) -> None:
    job = """
        version: 1
        services:
          migrate:
            kind: worker
            restart: never
            build: {path: ./, start: "echo begun && sleep 200"}
    """
    with make_preview(small.manifest(job)) as preview:
        with preview.background("up") as running:
            running.line("migrate: running")
            eventually(lambda: "migrate" in preview.ids(), "the job's container")
            running.signal(signal.SIGINT)
            assert running.wait(60).code == INTERRUPTED
        small.replace("galley.yaml", "sleep 200", "true")
        preview.up()
        assert preview.states() == {"migrate": "done"}


@pytest.mark.parametrize("moment", [BUILD, HEALTH])
def test_the_command_is_killed(small: Repository, make_preview: MakePreview, moment: str) -> None:
    """What it had started goes on alone; the next command ends that and takes over."""
    with make_preview(slow_build(small.manifest(MANIFEST))) as preview:
        with preview.background("up") as running:
            cut_off(preview, running, moment)
            os.kill(running.pid, signal.SIGKILL)
            running.wait(60)
        assert not nothing_runs(preview)
        converges(preview)
        assert nothing_runs(preview)


def test_pulumi_is_killed(small: Repository, make_preview: MakePreview) -> None:
    with make_preview(small.manifest(MANIFEST)) as preview:
        with preview.background("up") as running:
            cut_off(preview, running, HEALTH)
            for process in pulumi_processes(preview):
                os.kill(process, signal.SIGKILL)
            done = running.wait(60)
        assert done.code == 1, done.text
        converges(preview)


def test_everything_is_killed_and_then_down(small: Repository, make_preview: MakePreview) -> None:
    """As when the machine loses its power."""
    with make_preview(slow_build(small.manifest(MANIFEST))) as preview:
        with preview.background("up") as running:
            cut_off(preview, running, BUILD)
            for process in [running.pid, *preview.galley.processes()]:
                os.kill(process, signal.SIGKILL)
            running.wait(60)
        assert preview.left() != []


def test_everything_is_killed_and_then_up(small: Repository, make_preview: MakePreview) -> None:
    """In the middle of writing the state, too, which leaves an empty file of attributes beside it."""
    with make_preview(small.manifest(MANIFEST)) as preview:
        with preview.background("up") as running:
            cut_off(preview, running, HEALTH)
            for process in [running.pid, *preview.galley.processes()]:
                os.kill(process, signal.SIGKILL)
            running.wait(60)
        stacks = preview.galley.home / "state" / ".pulumi" / "stacks" / "galley"
        (stacks / f"{preview.name}.json.attrs").write_text("")
        converges(preview)
        assert list(stacks.glob("*.tmp")) == []


def pulumi_processes(preview: Preview) -> list[int]:
    found = [pid for pid, words in preview.galley.processes().items() if "pulumi --non-interactive" in words]
    assert found
    return found


def test_two_updates_of_one_branch_at_once(small: Repository, make_preview: MakePreview) -> None:
    with make_preview(small.manifest(MANIFEST)) as preview:
        with preview.background("up") as first, preview.background("up") as second:
            ended = [first.wait(), second.wait()]
        assert [done.code for done in ended] == [0, 0], ended
        assert sorted(preview.ids()) == ["api", "api.ready", "cache", "cache.ready", "router"]
        assert sum("nothing to change" in done.err for done in ended) == 1
        assert sum("waiting for it to end" in done.err for done in ended) == 1


def test_up_and_down_at_once_end_one_after_the_other(small: Repository, make_preview: MakePreview) -> None:
    with make_preview(small.manifest(MANIFEST)) as preview:
        preview.up()
        with preview.background("down") as down, preview.background("up") as up:
            assert [down.wait().code, up.wait().code] == [0, 0]
        states = preview.status()["state"]
        assert states in ("running", "absent")
        assert (preview.left() == []) == (states == "absent")
