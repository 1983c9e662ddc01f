"""A round with the real engine: galley alone, with one small application."""

from __future__ import annotations

import time

import docker
import pytest

from bench import rounds
from bench.catalog import catalog
from bench.contenders.galley import Galley
from bench.leftovers import Leftovers
from galley_iac.errors import MachineError
from galley_iac.toolchain import engine, locate

TOKEN = "benchshort"


def test_galley_is_measured_and_leaves_nothing() -> None:
    try:
        found, tools = engine.for_tests(), locate.locate()
    except MachineError as error:
        pytest.fail(str(error), pytrace=False)
    assert tools is not None, "Pulumi is not there: run `make test`, which installs it"
    client = docker.DockerClient(base_url=found.host, timeout=120)
    token = f"{TOKEN}{time.time_ns() % 10**6}"
    chosen, until = ["first", "noop", "down"], time.monotonic() + 600
    course = rounds.Course([catalog()["tiny"]], [Galley(tools)], chosen, 1, 1, token, found.host, until)

    samples = list(rounds.run(course, Leftovers(client), lambda _: None))

    assert [sample.case for sample in samples] == chosen
    first, noop, _ = samples
    assert first.phases["building"] > 0
    assert "building" not in noop.phases
    assert sum(first.phases.values()) == pytest.approx(first.seconds)
    assert Leftovers(client).left(token) == []
    client.close()
