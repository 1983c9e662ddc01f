"""Official archives, from a server on the loopback interface."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from galley_iac.toolchain import download
from galley_iac.toolchain.console import Console

CLI = download.cli_archive("3.259.0", "x86_64", "Linux")
PLUGIN = download.plugin_archive("docker", "5.2.0", "aarch64", "Linux")


@dataclass
class Server:
    """Serves ``files``; announces ``announced`` bytes more than it sends; notes what was asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    announced: int = 0
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def site(self) -> download.Site:
        base = f"http://127.0.0.1:{self.port}/releases"
        return download.Site(Console(io.StringIO()), {"GALLEY_PULUMI_SITE": base})

    def publish(self, archive: download.Archive, content: bytes, line: str = "{digest}  {name}\n") -> None:
        """Puts the archive there with a checksums file that has other lines as well."""
        name = archive.path.rpartition("/")[2]
        text = (
            "0" * 64 + "  other.tar.gz\n" + line.format(digest=hashlib.sha256(content).hexdigest(), name=name)
        )
        self.files[archive.path] = content
        self.files[archive.checksums] = text.encode()


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.removeprefix("/releases/")
            state.asked.append(path)
            content = state.files.get(path)
            self.send_response(404 if content is None else 200)
            extra = 0 if path.endswith(".txt") else state.announced
            self.send_header("Content-Length", str(len(content or b"") + extra))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_arguments: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = http.server_address[1]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    http.shutdown()
    http.server_close()
    thread.join()


def _packed(files: dict[str, bytes], mode: int = 0o755) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), mode
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def test_an_archive_is_checked_and_unpacked(server: Server, tmp_path: Path) -> None:
    server.publish(CLI, _packed({"pulumi/pulumi": b"program", "pulumi/pulumi-language-python": b"host"}))

    server.site().unpack(CLI, tmp_path)

    assert (tmp_path / "pulumi" / "pulumi").read_bytes() == b"program"
    assert (tmp_path / "pulumi" / "pulumi").stat().st_mode & 0o111
    assert [path.name for path in tmp_path.iterdir()] == ["pulumi"], "nothing but the archive's files stays"


def test_checksums_of_plugins_are_sha1_with_a_path(server: Server, tmp_path: Path) -> None:
    content = _packed({"pulumi-resource-docker": b"plugin"})
    server.publish(PLUGIN, content, line=f"{hashlib.sha1(content).hexdigest()}  ./{{name}}\n")

    server.site().unpack(PLUGIN, tmp_path)

    assert (tmp_path / "pulumi-resource-docker").read_bytes() == b"plugin"


def test_a_wrong_checksum_is_refused_before_anything_is_unpacked(server: Server, tmp_path: Path) -> None:
    server.publish(CLI, _packed({"pulumi/pulumi": b"program"}))
    server.files[CLI.path] = _packed({"pulumi/pulumi": b"something else"})

    with pytest.raises(download.DownloadError, match=r"has the checksum .*, published is .*: refused"):
        server.site().unpack(CLI, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_an_archive_that_the_checksums_do_not_name_is_refused(server: Server, tmp_path: Path) -> None:
    server.publish(CLI, b"", line="")

    with pytest.raises(
        download.DownloadError, match=r"has no checksum for pulumi-v3\.259\.0-linux-x64\.tar\.gz"
    ):
        server.site().unpack(CLI, tmp_path)

    assert server.asked == [CLI.checksums]


def test_a_checksum_of_unknown_kind_is_none(server: Server, tmp_path: Path) -> None:
    server.publish(CLI, _packed({"a": b""}), line="abc  {name}\n")

    with pytest.raises(download.DownloadError, match="has no checksum"):
        server.site().unpack(CLI, tmp_path)


def test_an_interrupted_transfer_is_noticed(server: Server, tmp_path: Path) -> None:
    server.publish(CLI, _packed({"pulumi/pulumi": b"program"}))
    server.announced = 1000

    with pytest.raises(download.DownloadError, match=r"only \d+ of \d+ bytes arrived"):
        server.site().unpack(CLI, tmp_path)


def test_a_missing_archive_is_said(server: Server, tmp_path: Path) -> None:
    with pytest.raises(download.DownloadError, match=f"answers 404 for {CLI.checksums}"):
        server.site().unpack(CLI, tmp_path)


def test_what_is_not_an_archive_is_said(server: Server, tmp_path: Path) -> None:
    server.publish(CLI, b"<html>blocked</html>")

    with pytest.raises(download.DownloadError, match="is not a tar archive"):
        server.site().unpack(CLI, tmp_path)


def test_an_archive_cannot_write_outside_the_folder(server: Server, tmp_path: Path) -> None:
    server.publish(CLI, _packed({"../outside": b"", "/absolute": b"", "inside": b""}))
    folder = tmp_path / "folder"
    folder.mkdir()

    server.site().unpack(CLI, folder)

    assert [path.name for path in folder.iterdir()] == ["inside"]
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_silent_site_is_given_up_soon_and_asked_once(tmp_path: Path) -> None:
    site = download.Site(Console(io.StringIO()), {"GALLEY_PULUMI_SITE": "http://127.0.0.1:9/releases"})
    begun = time.monotonic()

    for _ in range(2):
        with pytest.raises(download.DownloadError, match=r"127\.0\.0\.1:9 cannot be reached"):
            site.unpack(CLI, tmp_path)

    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("machine", "system", "name"),
    [
        ("x86_64", "Linux", "pulumi-v3.259.0-linux-x64.tar.gz"),
        ("aarch64", "Linux", "pulumi-v3.259.0-linux-arm64.tar.gz"),
        ("arm64", "Darwin", "pulumi-v3.259.0-darwin-arm64.tar.gz"),
    ],
)
def test_the_archive_is_that_of_the_machine(machine: str, system: str, name: str) -> None:
    assert download.cli_archive("3.259.0", machine, system).path == f"sdk/{name}"


@pytest.mark.parametrize(("machine", "system"), [("riscv64", "Linux"), ("x86_64", "FreeBSD")])
def test_a_machine_without_archive_is_said(machine: str, system: str) -> None:
    with pytest.raises(download.DownloadError, match=machine if system == "Linux" else "freebsd"):
        download.plugin_archive("docker", "5.2.0", machine, system)


def test_the_plugins_archive_and_checksums() -> None:
    assert PLUGIN.path == "plugins/pulumi-resource-docker-v5.2.0-linux-arm64.tar.gz"
    assert PLUGIN.checksums == "plugins/pulumi-docker_5.2.0_checksums.txt"
