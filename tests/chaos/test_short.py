"""The short form of `make chaos`: two cycles on the real engine, and nothing is left of them."""

from __future__ import annotations

import itertools
import secrets

import docker
import pytest

from bench.contenders.galley import Galley
from bench.leftovers import Leftovers
from chaos import cycle
from chaos.ground import ground
from chaos.moments import faults
from galley_iac.errors import MachineError
from galley_iac.toolchain import engine, locate

FAULTS = 6
SEED = 11


def test_commands_that_are_cut_off() -> None:
    try:
        found, tools = engine.for_tests(), locate.locate()
    except MachineError as error:
        pytest.fail(str(error), pytrace=False)
    assert tools is not None, "Pulumi is not there: run `make test`, which installs it"
    client = docker.DockerClient(base_url=found.host, timeout=120)
    project = f"chaos{secrets.token_hex(3)}"

    with ground(client, Galley(tools), found.host, project, SEED) as where:
        where.prepare()
        outcomes = list(itertools.islice(cycle.run(where, faults(SEED), cycle.rehearse(where)), FAULTS))

    assert [(str(one.fault), one.wrong) for one in outcomes if one.wrong] == []
    assert any(one.struck for one in outcomes)
    assert Leftovers(client).left(project) == []
    client.close()
