"""The short form of `make chaos`: two cycles on the real engine, and nothing is left of them."""

from __future__ import annotations

import itertools
import secrets

import docker

from bench.leftovers import Leftovers
from chaos import cycle
from chaos.ground import ground
from chaos.moments import faults
from tests.contender import contender

FAULTS = 6
SEED = 11


def test_commands_that_are_cut_off() -> None:
    host, galley = contender()
    client = docker.DockerClient(base_url=host, timeout=120)
    project = f"chaos{secrets.token_hex(3)}"

    with ground(client, galley, host, project, SEED) as where:
        where.prepare()
        outcomes = list(itertools.islice(cycle.run(where, faults(SEED), cycle.rehearse(where)), FAULTS))

    assert [(str(one.fault), one.wrong) for one in outcomes if one.wrong] == []
    assert any(one.struck for one in outcomes)
    assert Leftovers(client).left(project) == []
    client.close()
