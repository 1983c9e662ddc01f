from __future__ import annotations

import pytest

from galley_iac.manifest.models import Resources
from tests.unit.manifest.support import problem, service

RESOURCES = '{cpus: "0.5"}'


def resources(written: str) -> Resources:
    return service("api", RESOURCES, written).resources


def test_absent_means_the_projects_default() -> None:
    assert service("db").resources == Resources(cpus=None, memory=None)
    assert resources("") == Resources()


@pytest.mark.parametrize(
    ("written", "cpus"), [('"0.5"', 0.5), ("2", 2.0), ("0.01", 0.01), (".5", 0.5), ('"0.50"', 0.5)]
)
def test_cpus(written: str, cpus: float) -> None:
    assert resources(f"{{cpus: {written}}}") == Resources(cpus=cpus)


@pytest.mark.parametrize("written", ["0", "0.001", "-1", "half", "500m", "1025", ".inf", ".nan", "1e3"])
def test_bad_cpus(written: str) -> None:
    assert problem(RESOURCES, f"{{cpus: {written}}}") == (
        f"galley.yaml:11:23: services.api.resources.cpus: `{written}` is no number of CPUs from 0.01 to "
        '1024\n    write a number, such as `"0.5"`'
    )


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("512m", 512 * 2**20),
        ("512Mi", 512 * 2**20),
        ("512MB", 512 * 2**20),
        ("1g", 2**30),
        ("1.5G", 3 * 2**29),
        ("1Gi", 2**30),
        ("6m", 6 * 2**20),
        ("536870912", 2**29),
        ("524288k", 2**29),
    ],
)
def test_memory(written: str, size: int) -> None:
    assert resources(f"{{memory: {written}}}") == Resources(memory=size)


@pytest.mark.parametrize("written", ["lots", "512x", "-1g", "1,5g", "0x10"])
def test_bad_memory(written: str) -> None:
    assert problem(RESOURCES, f'{{memory: "{written}"}}') == (
        f"galley.yaml:11:25: services.api.resources.memory: `{written}` is no amount of memory\n"
        '    write a number with a unit: `"512m"`, `"1g"`, `"512Mi"`'
    )


@pytest.mark.parametrize("written", ["0", "512", "5m", "5.9Mi", "9999999t"])
def test_memory_out_of_bounds(written: str) -> None:
    assert problem(RESOURCES, f"{{memory: {written}}}") == (
        f"galley.yaml:11:25: services.api.resources.memory: `{written}` is not between Docker's least, 6m, "
        'and what a machine can have\n    write at least `"6m"`; a number without a unit is bytes'
    )
