"""Waits until a service answers, then exits with 0; with 1 when the time is over, saying what it last saw.

It is put as it stands into a container on the preview's network: standard library only, Python 3.9 and newer.
Usage: ready.py PROTOCOL HOST PORT TIMEOUT [PATH STATUS]
"""

from __future__ import annotations

import http.client
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable

PAUSE = 0.1
LONGEST_PAUSE = 1.0
ATTEMPT = 5.0
LAST_ATTEMPT = 1.0
HEADERS = {"Host": "localhost", "User-Agent": "galley-probe", "Connection": "close"}
"""``localhost``: frameworks with a list of allowed hosts refuse any other that they were not told of."""

POSTGRES_STARTING = b"57P03"
CLOSED = "the connection was closed without an answer"


class NotReadyError(Exception):
    """The service answered, but not as one that is ready."""


def main(arguments: list[str]) -> int:
    protocol, host, port, timeout = arguments[0], arguments[1], int(arguments[2]), float(arguments[3])
    end, pause = time.monotonic() + timeout, PAUSE
    while True:
        try:
            left = max(end - time.monotonic(), LAST_ATTEMPT)
            print(attempt(min(left, ATTEMPT), protocol, host, port, *arguments[4:]), flush=True)
            return 0
        except (OSError, NotReadyError, http.client.HTTPException) as error:
            reason = describe(error)
        if time.monotonic() >= end:
            print(f"{protocol} on port {port}: {reason} (waited {timeout:g} s)", flush=True)
            return 1
        time.sleep(max(min(pause, end - time.monotonic()), 0))
        pause = min(pause * 1.25, LONGEST_PAUSE)


def attempt(limit: float, protocol: str, host: str, port: int, *more: str) -> str:
    """Asks once, and gives up after ``limit`` seconds in all; a socket's timeout is for each read alone."""
    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        return CHECKS[protocol](host, port, limit, *more)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def give_up(*_signal: object) -> None:
    raise TimeoutError


def describe(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "the container is not running"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, (TimeoutError, socket.timeout)):
        return "no answer"
    if isinstance(error, ConnectionError):
        return CLOSED
    return str(error) or type(error).__name__


def check_http(host: str, port: int, timeout: float, path: str, status: str) -> str:
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", path, headers=HEADERS)
        answered = connection.getresponse().status
    finally:
        connection.close()
    if answered != int(status):
        raise NotReadyError(f"GET {path} answered {answered}, expected {status}")
    return f"GET {path} answered {answered}"


def check_tcp(host: str, port: int, timeout: float) -> str:
    with socket.create_connection((host, port), timeout):
        return f"port {port} accepts connections"


def exchange(host: str, port: int, timeout: float, request: bytes) -> bytes:
    """Sends ``request`` and returns the first bytes of the answer."""
    with socket.create_connection((host, port), timeout) as connection:
        connection.settimeout(timeout)
        if request:
            connection.sendall(request)
        answer = connection.recv(4096)
    if not answer:
        raise NotReadyError(CLOSED)
    return answer


def check_postgres(host: str, port: int, timeout: float) -> str:
    body = struct.pack("!I", 196608) + b"user\0galley_probe\0database\0galley_probe\0\0"
    answer = exchange(host, port, timeout, struct.pack("!I", len(body) + 4) + body)
    if answer[:1] == b"E" and POSTGRES_STARTING in answer:
        raise NotReadyError("the database system is starting up")
    if answer[:1] not in (b"R", b"E"):
        raise NotReadyError("the answer is not PostgreSQL's")
    return "PostgreSQL answers"


def check_redis(host: str, port: int, timeout: float) -> str:
    answer = exchange(host, port, timeout, b"PING\r\n")
    if not answer.startswith((b"+PONG", b"-NOAUTH")):
        raise NotReadyError(answer.split(b"\r\n")[0].decode("ascii", "replace"))
    return "PING is answered"


def check_mysql(host: str, port: int, timeout: float) -> str:
    answer = exchange(host, port, timeout, b"")
    if len(answer) < 5 or answer[4] != 10:
        raise NotReadyError("the server does not greet yet")
    return "MySQL greets"


def check_mongo(host: str, port: int, timeout: float) -> str:
    document = b"\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0"
    document = struct.pack("<i", len(document) + 5) + document + b"\0"
    body = struct.pack("<iiii", len(document) + 21, 1, 0, 2013) + struct.pack("<I", 0) + b"\0" + document
    answer = exchange(host, port, timeout, body)
    if len(answer) < 16 or struct.unpack("<i", answer[12:16])[0] not in (1, 2013):
        raise NotReadyError("the answer is not MongoDB's")
    return "MongoDB answers"


def check_memcached(host: str, port: int, timeout: float) -> str:
    answer = exchange(host, port, timeout, b"version\r\n")
    if not answer.startswith(b"VERSION"):
        raise NotReadyError("the answer is not memcached's")
    return "memcached answers"


def check_amqp(host: str, port: int, timeout: float) -> str:
    answer = exchange(host, port, timeout, b"AMQP\0\0\x09\x01")
    if answer[:1] != b"\x01":
        raise NotReadyError("the answer is not AMQP 0-9-1's")
    return "AMQP is answered"


def check_nats(host: str, port: int, timeout: float) -> str:
    answer = exchange(host, port, timeout, b"")
    if not answer.startswith(b"INFO "):
        raise NotReadyError("the answer is not NATS's")
    return "NATS greets"


def check_kafka(host: str, port: int, timeout: float) -> str:
    correlation = 7
    body = struct.pack("!hhih", 18, 0, correlation, -1)
    answer = exchange(host, port, timeout, struct.pack("!i", len(body)) + body)
    if len(answer) < 8 or struct.unpack("!i", answer[4:8])[0] != correlation:
        raise NotReadyError("the answer is not Kafka's")
    return "Kafka answers"


CHECKS: dict[str, Callable[..., str]] = {
    "http": check_http,
    "tcp": check_tcp,
    "postgres": check_postgres,
    "redis": check_redis,
    "mysql": check_mysql,
    "mongo": check_mongo,
    "memcached": check_memcached,
    "amqp": check_amqp,
    "nats": check_nats,
    "kafka": check_kafka,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
