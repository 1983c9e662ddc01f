"""Ctrl-C during an update: forwarded once, what is in flight ended, and the handlers put back."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from docker.errors import APIError

from galley_iac.automation import interrupt
from galley_iac.automation.interrupt import Interruptible, end_checks
from galley_iac.engine import labels
from tests.unit.engine.support import FakeClient, info


class FakeCommand:
    """Counts how often it was asked to end."""

    def __init__(self) -> None:
        self.interrupts = 0

    def interrupt(self) -> None:
        self.interrupts += 1


def objects(*names: str, preview: str = "p", status: str = "running") -> list[dict[str, Any]]:
    """Containers named ``role-service``."""
    return [
        info(name, {labels.PREVIEW: preview, labels.ROLE: name.partition("-")[0]}, Status=status)
        for name in names
    ]


def handlers() -> list[Any]:
    return [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]


@contextlib.contextmanager
def interrupted(command: FakeCommand, client: FakeClient) -> Iterator[None]:
    """An update that is interrupted: what is inside happens in it, and it ends as it has to."""
    with pytest.raises(KeyboardInterrupt), Interruptible(command, client, "p"):
        yield


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupt, "_PAUSE", 0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_forwarded_once(number: signal.Signals, capsys: pytest.CaptureFixture[str]) -> None:
    command, before = FakeCommand(), handlers()
    with interrupted(command, FakeClient()):
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)
        time.sleep(0.05)
    assert command.interrupts == 1
    assert handlers() == before
    assert capsys.readouterr().err.splitlines() == [
        "",
        "stopping after what is in flight ...",
        "still ending what is in flight; nothing is lost if you wait",
    ]


def test_without_a_signal_nothing_happens() -> None:
    command, before = FakeCommand(), handlers()
    with Interruptible(command, FakeClient(), "p"):
        assert handlers() != before
    assert (command.interrupts, handlers()) == (0, before)


def test_an_error_stays_the_error_when_there_was_no_signal() -> None:
    with pytest.raises(ValueError, match="mine"), Interruptible(FakeCommand(), FakeClient(), "p"):
        raise ValueError("mine")


def test_the_update_s_own_error_gives_way_to_the_interruption() -> None:
    """Pulumi says that it was cancelled, which the user knows."""
    with interrupted(FakeCommand(), FakeClient()):
        os.kill(os.getpid(), signal.SIGINT)
        raise ValueError("cancelled")


def test_a_check_that_starts_after_the_signal_is_ended_too() -> None:
    client = FakeClient(containers=[])
    with interrupted(FakeCommand(), client):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        late = objects("probe-api")[0]
        client.api._containers[late["Id"]] = late
        wait_for(lambda: ("kill", "id-probe-api") in client.api.calls)


def test_an_engine_that_is_away_is_asked_again() -> None:
    client = FakeClient(containers=objects("job-migrate"))
    answers = iter([APIError("busy"), ConnectionError("away")])
    listed = client.api.containers

    def containers(**asked: Any) -> Any:
        if error := next(answers, None):
            raise error
        return listed(**asked)

    client.api.containers = containers  # type: ignore[method-assign]
    with interrupted(FakeCommand(), client):
        os.kill(os.getpid(), signal.SIGINT)
        wait_for(lambda: ("kill", "id-job-migrate") in client.api.calls)


def test_another_thread_leaves_signals_alone() -> None:
    """Python allows handlers in the main thread only: an agent that updates in a thread has its own."""
    seen: list[list[Any]] = []

    def update() -> None:
        with Interruptible(FakeCommand(), FakeClient(), "p"):
            seen.append(handlers())

    before = handlers()
    thread = threading.Thread(target=update)
    thread.start()
    thread.join()
    assert seen == [before]


def test_only_running_checks_and_jobs_of_the_preview_are_ended() -> None:
    client = FakeClient(
        containers=[
            *objects("probe-api", "job-migrate", "service-api", "router-router"),
            *objects("probe-other", preview="p-2"),
            *objects("probe-done", status="exited"),
        ]
    )
    end_checks(client, "p")
    assert client.api.calls == [("kill", "id-probe-api"), ("kill", "id-job-migrate")]


def test_one_that_ended_meanwhile_is_no_error() -> None:
    client = FakeClient(containers=objects("probe-api", "job-migrate"))
    killed: list[str] = []

    def kill(identifier: str) -> None:
        killed.append(identifier)
        raise APIError("not running")

    client.api.kill = kill  # type: ignore[method-assign]
    end_checks(client, "p")
    assert killed == ["id-probe-api", "id-job-migrate"]


def wait_for(true: Any) -> None:
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
