"""Pebble, the authority that ACME's own people test with, and the DNS that it asks."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import socketserver
import ssl
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from galley_iac.toolchain import paths, pins, servers
from tests.integration.harness.web import eventually

ANSWERED_WITH = bytes([127, 0, 0, 1])
_HEADER = 12


@dataclass(frozen=True)
class Authority:
    """Where it is, what makes it trusted, and what makes its certificates trusted."""

    directory: str
    own_root: str
    issued_root: str
    log: Path

    def asked_for(self, host: str) -> bool:
        """Whether anybody has ever asked it for a certificate of this host."""
        return host in self.log.read_text(errors="replace")


@contextlib.contextmanager
def pebble(folder: Path, address: str, http: int, https: int) -> Iterator[Authority]:
    """Runs on ``address``; it looks for those who ask on the ports ``http`` and ``https`` of this machine."""
    folder.mkdir()
    port, management = free_port(address), free_port(address)
    certificate(folder, "pebble", f"IP:{address}")
    config = {
        "listenAddress": f"{address}:{port}",
        "managementListenAddress": f"{address}:{management}",
        "certificate": str(folder / "pebble.crt"),
        "privateKey": str(folder / "pebble.key"),
        "httpPort": http,
        "tlsPort": https,
    }
    (folder / "config.json").write_text(json.dumps({"pebble": config}))
    program = str(servers.program(pins.PEBBLE, paths.layout()))
    quick = {**os.environ, "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"}
    log, root = folder / "log", folder / "pebble.crt"
    with dns() as resolver, log.open("wb") as out:
        words = [program, "-config", str(folder / "config.json"), "-dnsserver", f"127.0.0.1:{resolver}"]
        process = subprocess.Popen(words, stdout=out, stderr=out, env=quick)
        try:
            issued = eventually(lambda: _root(f"https://{address}:{management}/roots/0", root), "it answers")
            (folder / "issued.pem").write_text(issued)
            directory = f"https://{address}:{port}/dir"
            yield Authority(directory, str(root), str(folder / "issued.pem"), log)
        finally:
            process.terminate()
            process.wait(30)


def certificate(folder: Path, name: str, alternatives: str) -> None:
    """Writes NAME.crt, which signs itself, and NAME.key."""
    files = ["-out", str(folder / f"{name}.crt"), "-keyout", str(folder / f"{name}.key")]
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    words += ["-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName={alternatives}", *files]
    subprocess.run(words, check=True, capture_output=True, timeout=60)


class _Questions(socketserver.StreamRequestHandler):
    """DNS over TCP: each message has its length before it."""

    def handle(self) -> None:
        while length := self.rfile.read(2):
            reply = _reply(self.rfile.read(int.from_bytes(length, "big")))
            self.wfile.write(len(reply).to_bytes(2, "big") + reply)


@contextlib.contextmanager
def dns() -> Iterator[int]:
    """Answers every question for an address with this machine's own; gives its port."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Questions) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join(10)


def free_port(address: str) -> int:
    """A port of an address that nobody has at the moment."""
    with socket.create_server((address, 0)) as listener:
        number: int = listener.getsockname()[1]
        return number


def _reply(asked: bytes) -> bytes:
    """One A record for a question of that kind (RFC 1035, 4.1); no record for any other."""
    end = asked.index(b"\0", _HEADER) + 5
    question = asked[_HEADER:end]
    wanted = question[-4:-2] == b"\0\1"
    header = asked[:2] + b"\x81\x80\0\1" + (b"\0\1" if wanted else b"\0\0") + b"\0\0\0\0"
    record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + ANSWERED_WITH if wanted else b""
    return header + question + record


def _root(url: str, trusted: Path) -> str:
    with contextlib.suppress(OSError):
        context = ssl.create_default_context(cafile=str(trusted))
        with urllib.request.urlopen(url, context=context, timeout=5) as answer:
            return str(answer.read().decode())
    return ""
