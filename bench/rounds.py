"""Rounds: who comes when, what is measured, and that nothing is left of anybody."""

from __future__ import annotations

import contextlib
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import files
from bench.application import Application
from bench.cases import Turn, steps
from bench.contenders.base import Contender, Place
from bench.figures import Sample
from bench.leftovers import Leftovers
from bench.running import CommandError


@dataclass(frozen=True)
class Course:
    """What a run consists of. ``token`` is in the name of everything that it makes; ``until`` is the moment
    of the monotonic clock after which nothing new is begun.
    """

    applications: Sequence[Application]
    contenders: Sequence[Contender]
    cases: Collection[str]
    rounds: int
    seed: int
    token: str
    docker_host: str
    until: float


def order(contenders: Sequence[Contender], number: int, seed: int) -> list[Contender]:
    """Who comes after whom in a round: shuffled once, and each round another one begins."""
    shuffled = random.Random(seed).sample(list(contenders), len(contenders))
    first = number % len(shuffled)
    return shuffled[first:] + shuffled[:first]


def run(course: Course, leftovers: Leftovers, say: Callable[[str], None]) -> Generator[Sample, None, None]:
    """Every sample as soon as it is measured. Raises CommandError when a contender fails."""
    for number in range(course.rounds):
        for application in course.applications:
            for contender in order(course.contenders, number, course.seed):
                if time.monotonic() > course.until:
                    say("the time is over: the rest is left out")
                    return
                say(f"round {number + 1}: {application.name} by {contender.name}")
                yield from _take(course, contender, application, number, leftovers)


def _take(
    course: Course, contender: Contender, application: Application, number: int, leftovers: Leftovers
) -> Generator[Sample, None, None]:
    """One turn, in a folder of its own; whatever happens, nothing is left after it."""
    project = f"{course.token}-{application.name}-{contender.name[0]}{number + 1}"
    base = Path(tempfile.mkdtemp(prefix="galley-bench-"))
    place = Place(application, project, base / "app", base / "home", course.docker_host)
    turn = Turn(contender, place, number + 1)
    begun: set[str] = set()
    try:
        files.write(application, place.folder, project, course.seed)
        place.home.mkdir()
        yield from _measure(turn, course.cases, begun)
    finally:
        for branch in sorted(begun):
            with contextlib.suppress(CommandError, OSError):
                contender.down(place, branch)
        leftovers.remove(project)
        shutil.rmtree(base, ignore_errors=True)


def _measure(turn: Turn, chosen: Collection[str], begun: set[str]) -> Generator[Sample, None, None]:
    """``begun`` is kept to the branches of which something may be there."""
    for case, measured in steps(chosen, turn.contender):
        begun.add(case.branch)
        ran = case.act(turn)
        if case.ends:
            begun.remove(case.branch)
        if measured:
            names = (turn.place.application.name, turn.contender.name, case.name)
            yield Sample(*names, turn.round, ran.seconds, dict(turn.contender.phases(ran)))
