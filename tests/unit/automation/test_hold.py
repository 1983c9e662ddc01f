"""Holding a preview on its engine: who gets it, who waits, who is taken for dead, and who never is."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from docker.errors import NotFound

from galley_iac.automation import hold
from galley_iac.automation.hold import Holder, exclusive, holder, volume
from galley_iac.automation.locks import InUseError
from galley_iac.errors import PreviewError, UsageError


class Volumes:
    """The part of Docker's API that is used: a name that is taken is answered with what has it."""

    def __init__(self) -> None:
        self.api = self
        self.kept: dict[str, Mapping[str, str]] = {}

    def create_volume(self, name: str, labels: Mapping[str, str]) -> None:
        self.kept.setdefault(name, labels)

    def inspect_volume(self, name: str) -> dict[str, Any]:
        if name not in self.kept:
            raise NotFound(name)
        return {"Name": name, "Labels": self.kept[name]}

    def remove_volume(self, name: str) -> None:
        if name not in self.kept:
            raise NotFound(name)
        del self.kept[name]

    def volumes(self, filters: Mapping[str, str]) -> dict[str, Any]:
        found = [{"Labels": labels} for labels in self.kept.values() if filters["label"] in labels]
        return {"Volumes": found or None}

    def held_by(self, one: Holder) -> Volumes:
        self.kept[volume("p")] = one.labels("p")
        return self


@pytest.fixture(autouse=True)
def _shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://bucket")
    monkeypatch.setenv("GALLEY_LOCK_TIMEOUT", "1s")
    monkeypatch.setattr(hold, "_PAUSE", 0.02)


def living(**more: Any) -> Holder:
    """This process, in another command of its own."""
    return dataclasses.replace(hold._this_process(), **more)


def dead() -> Holder:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return living(process=ended.pid)


def test_it_is_held_while_the_context_lasts() -> None:
    client = Volumes()
    with exclusive(client, "p"):
        found = holder(client, "p")
        assert found is not None
        assert found.process == os.getpid()
        assert not found.is_dead
    assert client.kept == {}


def test_it_is_released_after_an_error() -> None:
    client = Volumes()
    with pytest.raises(KeyError), exclusive(client, "p"):
        raise KeyError
    assert client.kept == {}


def test_a_local_backend_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_BACKEND_URL")
    client = Volumes()
    with exclusive(client, "p"):
        assert client.kept == {}


def test_what_is_read_back_is_what_was_written() -> None:
    one = living(host="a b", since="")
    assert holder(Volumes().held_by(one), "p") == one


def test_a_dead_process_of_this_host_is_taken_over() -> None:
    client = Volumes().held_by(dead())
    with exclusive(client, "p"):
        found = holder(client, "p")
        assert found is not None
        assert found.process == os.getpid()


def test_a_number_that_another_process_has_by_now_is_dead() -> None:
    assert living(started="1").is_dead
    assert not living().is_dead


@pytest.mark.parametrize("field", ["host", "place"])
def test_another_host_s_is_never_taken_over(field: str) -> None:
    """Also one of this name that was started anew since, or has process ids of its own."""
    other = dataclasses.replace(dead(), **{field: "elsewhere"})
    client = Volumes().held_by(other)
    with pytest.raises(PreviewError) as raised, exclusive(client, "p"):
        raise AssertionError("it has been robbed")
    assert f"p is being worked on by process {other.process} on {other.host} since {other.since} (" in str(
        raised.value
    )
    assert "`docker volume rm galley-hold-p` releases the preview" in str(raised.value)
    assert holder(client, "p") == other


def test_who_has_another_s_volume_leaves_it_alone() -> None:
    """As when it was removed by hand, and somebody else has made it anew."""
    client, other = Volumes(), living(host="elsewhere")
    with exclusive(client, "p"):
        client.held_by(other)
    assert holder(client, "p") == other


def test_one_that_is_alive_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    class Leaving(Volumes):
        """The other is done at the third look."""

        looks = 0

        def inspect_volume(self, name: str) -> dict[str, Any]:
            self.looks += 1
            if self.looks == 3:
                self.kept.clear()
            return super().inspect_volume(name)

    client = Leaving().held_by(living())
    with exclusive(client, "p"):
        assert client.looks > 3
    assert capsys.readouterr().err.count("waiting for it to end") == 1


def test_who_does_not_want_to_wait_does_not() -> None:
    client = Volumes().held_by(living())
    with pytest.raises(InUseError), exclusive(client, "p", wait=False):
        pass


@pytest.mark.parametrize(("written", "seconds"), [("", 1800.0), ("2m", 120.0)])
def test_how_long_it_waits(monkeypatch: pytest.MonkeyPatch, written: str, seconds: float) -> None:
    monkeypatch.setenv("GALLEY_LOCK_TIMEOUT", written)
    assert hold.longest_wait() == seconds


def test_a_wait_that_is_no_duration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_LOCK_TIMEOUT", "soon")
    with pytest.raises(UsageError, match="GALLEY_LOCK_TIMEOUT=soon is not a duration"):
        hold.longest_wait()


def test_all_that_is_held() -> None:
    assert hold.held(Volumes()) == {}
    assert hold.held(Volumes().held_by(one := living())) == {"p": one}


def test_only_what_a_dead_process_holds_is_released() -> None:
    client = Volumes().held_by(living())
    assert not hold.release_dead(client, "p")
    assert not hold.release_dead(Volumes(), "p")
    client.kept.clear()
    assert hold.release_dead(client.held_by(dead()), "p")
    assert client.kept == {}


def test_since_when_it_is_held() -> None:
    assert living(since="2020-01-01T00:00:00Z").begun == 1577836800
    assert living(since="").begun == 0
