"""What passes through the edge, and what cannot be reached from behind it."""

from __future__ import annotations

import http.client
import os
import ssl
import threading

import pytest
import websocket

from tests.edge.client import Client
from tests.edge.conftest import APP, Edge, host
from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.preview import Preview

REACHED = """
import socket, sys
from concurrent.futures import ThreadPoolExecutor
def reached(place):
    host, port = place.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), 3).close()
    except OSError:
        return None
    return place
with ThreadPoolExecutor(32) as pool:
    print(*filter(None, pool.map(reached, sys.argv[1:])))
"""
LARGE = 32 * 1024 * 1024
BESIDE = int(os.environ.get("GALLEY_TEST_BESIDE", "2"))
"""Previews that come and go beside the one that is watched; more of them where one has the time."""


def test_a_host_answers_with_a_certificate_that_verifies(edge: Edge, shop: Preview) -> None:
    for asked in (host(shop), host(shop, "web")):
        answer = edge.client.ask(asked)
        assert answer.status == 200
        assert answer.json["host"] == f"{asked}:{edge.https}"
        assert answer.json["x-forwarded-proto"] == "https"
        assert answer.headers["x-robots-tag"] == "noindex", "whatever the application says"
    assert shop.url("web") == f"https://{host(shop)}:{edge.https}"


def test_nobody_else_s_authority_makes_it_verify(edge: Edge, shop: Preview) -> None:
    """The machine's own authorities do not know it; with the edge's, another name does not verify either."""
    with pytest.raises(ssl.SSLCertVerificationError):
        Client(edge.https, None).ask(host(shop))
    with pytest.raises(ssl.SSLError):
        edge.client.ask("main.other.test")


def test_http_leads_to_https(edge: Edge, shop: Preview) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", edge.http, timeout=30)
    connection.request("GET", "/a?b=c", headers={"Host": host(shop)})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Location")) == (308, f"https://{host(shop)}:{edge.https}/a?b=c")
    connection.close()


def test_a_host_of_no_preview_says_so(edge: Edge, shop: Preview) -> None:
    absent = edge.client.ask("absent.edge.test")
    assert (absent.status, absent.headers["x-robots-tag"]) == (503, "noindex")
    assert "web" not in edge.client.ask(host(shop, "nobody")).headers
    assert edge.client.ask(host(shop, "nobody")).status == 404


def test_large_uploads_pass(edge: Edge, shop: Preview) -> None:
    assert edge.client.ask(host(shop), "/", body=b"x" * LARGE).json == {"length": LARGE}


def test_an_event_arrives_while_the_next_is_not_yet_made(edge: Edge, shop: Preview) -> None:
    connection = edge.client.open(host(shop))
    connection.request("GET", "/events")
    response = connection.getresponse()
    assert response.readline() == b"data: 0\n"
    assert edge.client.ask(host(shop), "/next").status == 200
    assert response.read() == b"\ndata: 1\n\n"
    connection.close()


def test_a_service_reaches_neither_edge_nor_other_routers(edge: Edge, shop: Preview) -> None:
    network = edge.engine.client.api.inspect_network(f"galley-edge.{edge.name}")
    addresses = {one["Name"]: one["IPv4Address"].partition("/")[0] for one in network["Containers"].values()}
    assert set(addresses) == {f"galley-edge.{edge.name}.edge", f"{shop.name}.router"}, "no service is on it"
    inside = [f"{address}:{port}" for address in addresses.values() for port in (80, 443, 2019, 2020, 2021)]
    tried = [*inside, f"{shop.name}.galley.invalid:80", "router:2019", "router:80"]
    code, said = shop.execute("web", "python3", "-c", REACHED, *tried)
    assert (code, said.split()) == (0, ["router:80"]), "its own router, and nothing else"


def test_an_edge_with_previews_behind_it_stays(edge: Edge, shop: Preview) -> None:
    done = edge.run("down")
    assert done.code == 1
    assert shop.name in done.err
    status = edge.run("status", "--json")
    assert status.code == 0
    assert status.json["previews"] == [shop.name]


def test_a_second_up_changes_nothing(edge: Edge) -> None:
    before = edge.container()
    edge.up()
    assert edge.container() == before


def test_previews_come_and_go_and_others_do_not_notice(
    edge: Edge, shop: Preview, make_repository: MakeRepository, make_preview: MakePreview
) -> None:
    """A websocket and a slow download run through; the edge is the same container all the time."""
    before = edge.container()
    address = f"wss://{host(shop)}:{edge.https}/socket"
    line = edge.client.open(host(shop))
    line.connect()
    talk = websocket.create_connection(address, socket=line.sock, timeout=60)
    download = _Download(edge.client, host(shop))
    download.start()
    repository = make_repository(APP, "beside")
    edge.take(repository)
    for number in range(BESIDE):
        with make_preview(repository, f"b{number}") as other:
            other.up()
            assert edge.client.ask(host(other)).status == 200
            talk.send(f"round {number}")
            assert talk.recv() == f"round {number}"
    talk.send("over")
    assert talk.recv() == "over"
    talk.close()
    assert download.is_alive(), "it lasted longer than all of them"
    download.finish.set()
    download.join(60)
    assert download.lines == [f"line {number}" for number in range(len(download.lines))]
    assert len(download.lines) > 20
    assert edge.container() == before


class _Download(threading.Thread):
    """Reads lines as they come, until it is told to end; one that is cut off ends by itself."""

    def __init__(self, client: Client, asked: str) -> None:
        super().__init__(daemon=True)
        self._connection, self._asked = client.open(asked), asked
        self.finish, self.lines = threading.Event(), list[str]()

    def run(self) -> None:
        self._connection.request("GET", "/slow?lines=100000")
        response = self._connection.getresponse()
        while not self.finish.is_set() and (line := response.readline()):
            self.lines.append(line.decode().strip())
        self._connection.close()
