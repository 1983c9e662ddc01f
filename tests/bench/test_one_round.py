"""A round with the real engine: galley alone, with one small application."""

from __future__ import annotations

import time

import docker
import pytest

from bench import rounds
from bench.catalog import catalog
from bench.leftovers import Leftovers
from tests.contender import contender

TOKEN = "benchshort"


def test_galley_is_measured_and_leaves_nothing() -> None:
    host, galley = contender()
    client = docker.DockerClient(base_url=host, timeout=120)
    token = f"{TOKEN}{time.time_ns() % 10**6}"
    chosen, until = ["first", "noop", "down"], time.monotonic() + 600
    course = rounds.Course([catalog()["tiny"]], [galley], chosen, 1, 1, token, host, until)

    samples = list(rounds.run(course, Leftovers(client), lambda _: None))

    assert [sample.case for sample in samples] == chosen
    first, noop, _ = samples
    assert first.phases["building"] > 0
    assert "building" not in noop.phases
    assert sum(first.phases.values()) == pytest.approx(first.seconds)
    assert Leftovers(client).left(token) == []
    client.close()
