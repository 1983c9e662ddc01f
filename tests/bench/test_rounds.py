"""Who comes when, what is done for which case, and that nothing is left when something goes wrong."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bench import cases, rounds
from bench.catalog import catalog
from bench.contenders.base import Place
from bench.options import parse
from bench.running import CommandError, Ran

TOKEN = "benchtest"


@dataclass
class Fake:
    """A contender that notes what it is asked for, and may fail at one of it."""

    name: str
    sleeps: bool = True
    fails_at: str = ""
    asked: list[str] = field(default_factory=list)
    folders: set[Path] = field(default_factory=set)

    def up(self, place: Place, branch: str, *, build: bool = False) -> Ran:
        return self._note(place, f"up {branch}{' build' if build else ''}")

    def down(self, place: Place, branch: str) -> Ran:
        return self._note(place, f"down {branch}")

    def sleep(self, place: Place, branch: str) -> Ran:
        return self._note(place, f"sleep {branch}")

    def wake(self, place: Place, branch: str) -> Ran:
        return self._note(place, f"wake {branch}")

    def phases(self, ran: Ran) -> Mapping[str, float]:
        return {"all": ran.seconds}

    def version(self) -> str:
        return "0"

    def _note(self, place: Place, what: str) -> Ran:
        self.asked.append(what)
        self.folders.add(place.folder)
        if what == self.fails_at:
            raise CommandError(what)
        return Ran(1.0, ())


@dataclass
class Removed:
    """Stands where the engine is cleaned, and notes for whom."""

    projects: list[str] = field(default_factory=list)

    def remove(self, project: str) -> None:
        self.projects.append(project)


def course(contenders: Sequence[Fake], chosen: Sequence[str] = cases.NAMES, count: int = 1) -> rounds.Course:
    until = time.monotonic() + 600
    return rounds.Course([catalog()["tiny"]], contenders, chosen, count, 1, TOKEN, "unix:///none", until)


def run(what: rounds.Course, removed: Removed | None = None) -> list[rounds.Sample]:
    return list(rounds.run(what, removed or Removed(), lambda _: None))


def test_every_contender_begins_equally_often() -> None:
    contenders = [Fake("a"), Fake("b"), Fake("c")]

    begin = Counter(rounds.order(contenders, number, 7)[0].name for number in range(6))

    assert begin == {"a": 2, "b": 2, "c": 2}


def test_the_order_follows_from_the_seed() -> None:
    contenders = [Fake(name) for name in "abc"]

    def orders(seed: int) -> list[str]:
        return ["".join(one.name for one in rounds.order(contenders, n, seed)) for n in range(3)]

    assert orders(1) == orders(1)
    assert len({tuple(orders(seed)) for seed in range(20)}) > 1
    assert all(sorted(one) == ["a", "b", "c"] for one in orders(1))


def test_a_round_goes_through_all_cases() -> None:
    galley = Fake("galley")

    samples = run(course([galley]))

    assert [sample.case for sample in samples] == list(cases.NAMES)
    expected = ["up a", "up b", "up a", "up a build", "up a", "up a build", "sleep a", "wake a", "down a"]
    assert galley.asked == [*expected, "down b"]
    assert samples[0].phases == {"all": 1.0}


def test_who_cannot_sleep_is_not_asked_to() -> None:
    bare = Fake("pulumi", sleeps=False)

    samples = run(course([bare]))

    assert {"sleep", "wake"} & {sample.case for sample in samples} == set()
    assert "sleep a" not in bare.asked


def test_what_a_case_needs_is_done_and_not_measured() -> None:
    galley = Fake("galley")

    samples = run(course([galley], ["wake"]))

    assert [sample.case for sample in samples] == ["wake"]
    assert galley.asked[:3] == ["up a", "sleep a", "wake a"]


def test_each_turn_has_names_of_its_own_and_leaves_nothing() -> None:
    contenders, removed = [Fake("galley"), Fake("compose")], Removed()

    run(course(contenders, ["first"], 2), removed)

    assert len(set(removed.projects)) == 4
    assert all(project.startswith(f"{TOKEN}-tiny-") for project in removed.projects)
    assert all(not folder.parent.exists() for one in contenders for folder in one.folders)


def test_a_failure_ends_the_run_and_leaves_nothing() -> None:
    galley, removed = Fake("galley", fails_at="up b"), Removed()

    with pytest.raises(CommandError, match="up b"):
        run(course([galley]), removed)

    assert galley.asked[-2:] == ["down a", "down b"]
    assert len(removed.projects) == 1
    assert all(not folder.parent.exists() for folder in galley.folders)


def test_who_stops_listening_leaves_nothing() -> None:
    """As Ctrl-C does between two commands."""
    galley, removed = Fake("galley"), Removed()
    samples = rounds.run(course([galley]), removed, lambda _: None)

    next(samples)
    samples.close()

    assert galley.asked == ["up a", "down a"]
    assert len(removed.projects) == 1


def test_nothing_is_begun_when_the_time_is_over() -> None:
    galley, said = Fake("galley"), []
    over = replace(course([galley]), until=time.monotonic() - 1)

    assert list(rounds.run(over, Removed(), said.append)) == []
    assert galley.asked == []
    assert "the time is over" in said[0]


def test_options_name_what_there_is() -> None:
    args = parse(["--apps", "tiny,five", "--cases", "noop", "--rounds", "2"])

    assert (args.apps, args.cases, args.rounds) == (["tiny", "five"], ["noop"], 2)
    assert set(parse([]).cases) == set(cases.NAMES)


@pytest.mark.parametrize("words", [["--apps", "none"], ["--cases", ""], ["--contenders", "galley,helm"]])
def test_an_unknown_name_is_refused_with_those_there_are(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words)

    assert ended.value.code == 2
    assert "choose among" in capsys.readouterr().err
