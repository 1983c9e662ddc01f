"""`galley doctor`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import doctor, pins
from galley_iac.toolchain.doctor import Finding, Machine
from galley_iac.toolchain.engine import Engine
from galley_iac.toolchain.locate import Tools

GOLDEN = Path(__file__).parent / "golden"
HOME = Path("/home/a/.cache/galley")
OWN = Engine(f"unix://{HOME}/engine/docker.sock", "started by `galley setup`", ours=True)

FULL = Machine(
    python=(3, 12, 4),
    pulumi=lambda: Tools(HOME / "pulumi/bin/pulumi", HOME, pins.PULUMI, "built from source"),
    plugin=lambda _plugin: "built from source",
    engine=lambda: OWN,
    stand_ins=lambda _engine: ["caddy:2", "caddy:2-alpine"],
    backend="",
)
EMPTY = Machine(
    python=(3, 10, 1),
    pulumi=lambda: None,
    plugin=lambda _plugin: None,
    engine=lambda: None,
    stand_ins=lambda _engine: [],
    backend="s3://team-state",
)


def _silent() -> Engine:
    raise MachineError(
        "DOCKER_HOST names tcp://10.0.0.1:1, and no Docker engine answers there", "start that engine"
    )


@pytest.mark.parametrize(("name", "machine"), [("full", FULL), ("empty", EMPTY)])
def test_what_it_prints(name: str, machine: Machine, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"doctor-{name}.txt", doctor.render(doctor.examine(machine)))


def test_a_full_machine_is_healthy_and_an_empty_one_is_not() -> None:
    assert doctor.healthy(doctor.examine(FULL))
    assert not doctor.healthy(doctor.examine(EMPTY))


def test_what_only_some_commands_need_does_not_count() -> None:
    without = FULL.replace(plugin=lambda plugin: None if plugin is pins.KUBERNETES_PLUGIN else "there")

    assert doctor.healthy(doctor.examine(without))


@pytest.mark.parametrize("missing", ["pulumi", "engine"])
def test_each_needed_thing_counts(missing: str) -> None:
    assert not doctor.healthy(doctor.examine(FULL.replace(**{missing: lambda: None})))


def test_every_missing_thing_has_a_remedy() -> None:
    missing = [finding for finding in doctor.examine(EMPTY) if not finding.ok]

    assert [finding.name for finding in missing] == [
        "Python",
        "Pulumi",
        "plugin docker",
        "plugin kubernetes",
        "Docker engine",
    ]
    assert all(finding.remedy for finding in missing)


def test_the_password_of_a_state_backend_is_not_shown() -> None:
    shown = doctor.render(
        doctor.examine(FULL.replace(backend="postgres://me:secret@db.example/state?sslmode=on"))
    )

    assert "postgres://me:***@db.example/state" in shown
    assert "secret" not in shown


def test_a_named_engine_that_is_silent_is_a_finding_not_a_crash() -> None:
    (finding,) = [f for f in doctor.examine(FULL.replace(engine=_silent)) if f.name == "Docker engine"]

    assert finding == Finding(
        "Docker engine",
        False,
        "DOCKER_HOST names tcp://10.0.0.1:1, and no Docker engine answers there",
        "start that engine",
    )
