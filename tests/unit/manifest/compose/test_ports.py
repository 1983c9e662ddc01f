from __future__ import annotations

import pytest

from galley_iac.manifest.models import Kind
from tests.unit.manifest.compose.support import notice, notices, problem, service

PORTS = 'ports: ["8080:80"]'


@pytest.mark.parametrize(
    ("written", "port"),
    [
        ("[80]", 80),
        ('["80"]', 80),
        ('["8080:80"]', 80),
        ("[8080:80]", 80),
        ('["127.0.0.1:8080:80"]', 80),
        ('["[::1]:8080:80"]', 80),
        ('["127.0.0.1::80"]', 80),
        ('["80/tcp"]', 80),
        ('["${PORT:-9000}:${PORT:-9000}"]', 9000),
        ("[{target: 80}]", 80),
        ("[{target: 80, published: 8080, protocol: tcp, host_ip: 127.0.0.1, mode: host, name: x}]", 80),
        ('["443:443", "80:80"]', 80),
        ('["443:4430", "80:8000"]', 8000),
        ('["443:443"]', 443),
        ('["22:22"]', 22),
    ],
)
def test_forms(written: str, port: int) -> None:
    found = service("web", PORTS, f"ports: {written}")
    assert (found.expose, found.kind) == (port, Kind.WEB)


def test_a_range_is_its_first_port() -> None:
    assert service("web", PORTS, 'ports: ["3000-3005:4000-4005"]').expose == 4000
    assert notice(PORTS, 'ports: ["3000-3005:4000-4005"]').split("\n") == [
        "compose.yaml:4:13: services.web.ports.0: "
        "of the ports `3000-3005:4000-4005` only the first is carried over",
        "    4000 is exposed: a service exposes one port",
    ]


def test_further_ports() -> None:
    assert notice(PORTS, 'ports: ["80:80", "9000:9000"]') == (
        "compose.yaml:4:22: services.web.ports.1: port 9000 is not carried over: a service exposes one port\n"
        "    80 is exposed; siblings reach 9000 all the same"
    )
    assert notices(PORTS, 'ports: ["80:80", "81:80"]') == []


def test_udp() -> None:
    assert notice(PORTS, 'ports: ["80:80", "53:53/udp"]') == (
        "compose.yaml:4:22: services.web.ports.1: port 53 is not carried over: it is `udp`\n"
        "    only HTTP is routed; siblings reach the port all the same"
    )


@pytest.mark.parametrize("written", ["[80]", "['80']", "['80/tcp']", "['80-90']"])
def test_expose_alone_has_no_route(written: str) -> None:
    found = service("web", PORTS, f"expose: {written}")
    assert (found.expose, found.kind) == (80, Kind.OTHER)


def test_a_published_port_wins_over_an_exposed_one() -> None:
    assert service("web", PORTS, "expose: [9000]\n    ports: ['80:80']").expose == 80
    assert notices(PORTS, "expose: [9000]\n    ports: ['80:80']") == []


def test_of_a_known_image_its_own_port() -> None:
    written = "image: postgres:16\n    expose: [9187, 5432]"
    assert service("db", "image: postgres:16", written).expose == 5432


def test_a_published_port_of_a_database_has_no_route() -> None:
    assert notice("image: postgres:16", "image: postgres:16\n    ports: ['5432:5432']") == (
        "compose.yaml:13:13: services.db.ports.0: port 5432 is not published: "
        "a service of kind `database` has no route\n"
        "    siblings reach it; from this machine: `galley port-forward`"
    )


@pytest.mark.parametrize("written", ["a:b", "80:", "80:80:80:80", "1-2-3:4", "80/", "x:80", "80 80"])
def test_no_port(written: str) -> None:
    assert problem(PORTS, f'ports: ["{written}"]') == (
        f"compose.yaml:4:13: services.web.ports.0: `{written}` is no port\n"
        '    write `"8080:80"`, or the long form with `target`'
    )


@pytest.mark.parametrize("written", ["0", "65536", "99999"])
def test_out_of_range(written: str) -> None:
    expected = f"`{written}` is not a port from 1 to 65535\n    write the port inside the container"
    assert problem(PORTS, f"ports: [{written}]").endswith(expected)
    assert problem(PORTS, f"ports: [{{target: {written}}}]").endswith(expected)


@pytest.mark.parametrize(
    ("written", "rule"),
    [("80", "must be a list"), ("[{published: 80}]", "`target` is missing"), ("[[80]]", "must be one value")],
)
def test_wrong_shapes(written: str, rule: str) -> None:
    assert rule in problem(PORTS, f"ports: {written}")


def test_a_variable_without_a_default() -> None:
    assert "`${PORT}` has no default" in problem(PORTS, 'ports: ["${PORT}:80"]')
