"""Every protocol's question: what is sent, which answers are ready, and which are not yet."""

from __future__ import annotations

import struct

import pytest

from galley_iac.manifest.known_images import IMAGES
from galley_iac.probe import ready
from tests.unit.probe.servers import Server, answer, close, closed_port, dripping, greet, silent, took


def postgres_error(code: str) -> bytes:
    fields = f"SFATAL\0VFATAL\0C{code}\0Mmessage\0\0".encode()
    return b"E" + struct.pack("!I", len(fields) + 4) + fields


def mongo_reply(opcode: int) -> bytes:
    return struct.pack("<iiii", 21, 1, 1, opcode) + b"\0" * 5


READY = {
    "postgres": [b"R\0\0\0\x08\0\0\0\0", b"R\0\0\0\x17\0\0\0\nSCRAM-SHA-256\0\0", postgres_error("28P01")],
    "redis": [b"+PONG\r\n", b"-NOAUTH Authentication required.\r\n"],
    "mysql": [b"\x4a\0\0\0\x0a8.4.0\0", b"\x5b\0\0\0\x0a11.4.2-MariaDB\0"],
    "mongo": [mongo_reply(2013), mongo_reply(1)],
    "memcached": [b"VERSION 1.6.21\r\n"],
    "amqp": [b"\x01\0\0\0\0\x02\0\0\x0a\0\x0a"],
    "nats": [b'INFO {"server_id":"x"}\r\n'],
    "kafka": [struct.pack("!iih", 10, 7, 0) + b"\0" * 8, struct.pack("!iih", 10, 7, 35)],
}
NOT_YET = {
    "postgres": [(postgres_error("57P03"), "the database system is starting up")],
    "redis": [
        (
            b"-LOADING Redis is loading the dataset in memory\r\n",
            "-LOADING Redis is loading the dataset in memory",
        )
    ],
    "mysql": [
        (b"\x45\0\0\0\xff\x6a\x04Host is not allowed", "the server does not greet yet"),
        (b"\x45", "the server does not greet yet"),
    ],
    "mongo": [
        (b"HTTP/1.1 400 Bad Request", "the answer is not MongoDB's"),
        (b"\0" * 8, "the answer is not MongoDB's"),
    ],
    "memcached": [(b"ERROR\r\n", "the answer is not memcached's")],
    "amqp": [(b"AMQP\0\0\x09\x01", "the answer is not AMQP 0-9-1's")],
    "nats": [(b"-ERR 'no'\r\n", "the answer is not NATS's")],
    "kafka": [
        (struct.pack("!ii", 4, 8), "the answer is not Kafka's"),
        (b"\0\0", "the answer is not Kafka's"),
    ],
}
GREETS = {"mysql", "nats"}

POSITIVE = [(protocol, reply) for protocol, replies in READY.items() for reply in replies]
NEGATIVE = [(protocol, *pair) for protocol, pairs in NOT_YET.items() for pair in pairs]


def behaviour(protocol: str, reply: bytes):  # type: ignore[no-untyped-def]
    return greet(reply) if protocol in GREETS else answer(reply)


def probe(protocol: str, server: Server, timeout: float = 0.05) -> int:
    return ready.main([protocol, "127.0.0.1", str(server.port), str(timeout)])


def test_every_protocol_is_tested() -> None:
    assert set(READY) | {"http", "tcp"} == set(ready.CHECKS)
    assert set(NOT_YET) == set(READY)


def test_every_protocol_that_an_image_may_have_can_be_asked() -> None:
    assert {image.protocol for image in IMAGES if image.protocol} <= set(ready.CHECKS)


@pytest.mark.parametrize(("protocol", "reply"), POSITIVE)
def test_ready(protocol: str, reply: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    with Server([behaviour(protocol, reply)]) as server:
        assert probe(protocol, server) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(("protocol", "reply", "reason"), NEGATIVE)
def test_not_ready(protocol: str, reply: bytes, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    with Server([behaviour(protocol, reply)]) as server:
        assert probe(protocol, server) == 1
    assert capsys.readouterr().out == f"{protocol} on port {server.port}: {reason} (waited 0.05 s)\n"


@pytest.mark.parametrize(("protocol", "reply"), [pair[:2] for pair in NEGATIVE])
def test_starting_then_ready(protocol: str, reply: bytes) -> None:
    first, then = behaviour(protocol, reply), behaviour(protocol, READY[protocol][0])
    with Server([close, first, then]) as server:
        assert probe(protocol, server, timeout=5) == 0
        assert server.connections == 3


@pytest.mark.parametrize("protocol", sorted(READY))
def test_a_connection_alone_is_not_enough(protocol: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A proxy in front of a service that is not there yet accepts and closes."""
    with Server([close]) as server:
        assert probe(protocol, server) == 1
    assert "the connection was closed without an answer" in capsys.readouterr().out


@pytest.mark.parametrize("protocol", [*sorted(READY), "tcp"])
def test_nothing_listens(protocol: str, capsys: pytest.CaptureFixture[str]) -> None:
    with closed_port() as port:
        assert ready.main([protocol, "127.0.0.1", str(port), "0.05"]) == 1
    assert capsys.readouterr().out == f"{protocol} on port {port}: nothing listens there (waited 0.05 s)\n"


@pytest.mark.usefixtures("short_attempts")
@pytest.mark.parametrize("protocol", sorted(READY))
def test_silence(protocol: str, capsys: pytest.CaptureFixture[str]) -> None:
    with Server([silent]) as server, took(0.05, 1.2):
        assert probe(protocol, server, timeout=0.05) == 1
    assert capsys.readouterr().out == f"{protocol} on port {server.port}: no answer (waited 0.05 s)\n"


@pytest.mark.usefixtures("short_attempts")
@pytest.mark.parametrize("protocol", sorted(READY))
def test_a_stream_of_nonsense(protocol: str) -> None:
    with Server([dripping(b"x")]) as server, took(0.05, 1.2):
        assert probe(protocol, server, timeout=0.05) == 1


def test_tcp_needs_no_answer() -> None:
    with Server([silent]) as server:
        assert probe("tcp", server) == 0


def asked(protocol: str) -> bytes:
    with Server([answer(READY[protocol][0])]) as server:
        assert probe(protocol, server) == 0
        return server.received[0]


def test_postgres_s_start_up_packet() -> None:
    """A user and a database that need not exist: any answer but `starting up` shows that it works."""
    packet = asked("postgres")
    length, version = struct.unpack("!II", packet[:8])
    assert (length, version) == (len(packet), 3 << 16)
    assert packet[8:].split(b"\0") == [b"user", b"galley_probe", b"database", b"galley_probe", b"", b""]


def test_mongo_s_message() -> None:
    packet = asked("mongo")
    length, _, _, opcode = struct.unpack("<iiii", packet[:16])
    assert (length, opcode) == (len(packet), 2013)
    assert packet[16:21] == b"\0\0\0\0\0"
    assert struct.unpack("<i", packet[21:25])[0] == len(packet) - 21
    assert packet.endswith(b"\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0")


def test_kafka_s_request() -> None:
    size, key, version, correlation, client = struct.unpack("!ihhih", asked("kafka"))
    assert (size, key, version, correlation, client) == (10, 18, 0, 7, -1)


@pytest.mark.parametrize(
    ("protocol", "question"),
    [("redis", b"PING\r\n"), ("memcached", b"version\r\n"), ("amqp", b"AMQP\0\0\x09\x01")],
)
def test_other_questions(protocol: str, question: bytes) -> None:
    assert asked(protocol) == question
