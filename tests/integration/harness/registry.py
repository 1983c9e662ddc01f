"""A real registry on loopback that wants a password; it has ended when its context is left."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.integration.harness.engine import Engine
from tests.integration.harness.web import LOOPBACK, eventually

HELPER = "galleytest"
_HELPER = """\
#!/bin/sh
# A credential helper as Docker's client asks it: the verb is the argument, the registry on standard input.
read -r asked
echo "$1 $asked" >>{calls}
case "$1 $asked" in
    "get {host}" | "get https://{host}" | "get http://{host}")
        printf '{{"ServerURL": "{host}", "Username": "{user}", "Secret": "%s"}}' "$(cat {password})" ;;
    *) echo "credentials not found in native keychain"; exit 1 ;;
esac
"""


@dataclass(frozen=True)
class DockerConfig:
    """A folder with Docker's configuration, and one to put first on PATH, where its helper is."""

    folder: Path
    programs: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to use it."""
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        return {"DOCKER_CONFIG": str(self.folder), "PATH": path}

    def calls(self) -> str:
        """What the helper was asked, a call on a line; empty where there is none, or it was not asked."""
        path = self.programs / "calls"
        return path.read_text() if path.exists() else ""


@dataclass(frozen=True)
class Registry:
    """``host`` is what images' names begin with."""

    host: str
    folder: Path
    user: str = "bob"
    password: str = field(default_factory=lambda: f"registry-{secrets.token_hex(8)}")

    @property
    def auth(self) -> str:
        """User and password as HTTP and Docker's configuration have them."""
        return base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    def docker_config(self, folder: Path) -> Path:
        """Docker's configuration as ``docker login`` writes it; returns its folder."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps({"auths": {self.host: {"auth": self.auth}}}))
        return folder

    def helped_config(self, folder: Path, key: str) -> DockerConfig:
        """Docker's configuration where a program keeps the password: ``credHelpers`` or ``credsStore``.

        For a store ``docker login`` leaves an entry without credentials beside it.
        """
        programs = folder / "programs"
        programs.mkdir(parents=True)
        (programs / "password").write_text(self.password)
        helper = programs / f"docker-credential-{HELPER}"
        paths = {"calls": programs / "calls", "password": programs / "password"}
        helper.write_text(_HELPER.format(host=self.host, user=self.user, **paths))
        helper.chmod(0o755)
        by_store = {"auths": {self.host: {}}, "credsStore": HELPER}
        document = by_store if key == "credsStore" else {key: {self.host: HELPER}}
        (folder / "config.json").write_text(json.dumps(document))
        return DockerConfig(folder, programs)

    def fill(self, engine: Engine, image: str, name: str) -> str:
        """Puts an image of the engine's into the registry; the engine forgets the name it had for that."""
        reference = f"{self.host}/{name}"
        engine.client.api.tag(image, reference.rpartition(":")[0], reference.rpartition(":")[2])
        login = {"username": self.user, "password": self.password}
        pushed = engine.client.api.push(reference, auth_config=login)
        assert "error" not in pushed, pushed
        self.forget(engine, reference)
        return reference

    def forget(self, engine: Engine, reference: str) -> None:
        """Takes the name from the engine, so that the image has to be asked for again."""
        with contextlib.suppress(Exception):
            engine.client.api.remove_image(reference, force=True)
        assert reference not in [tag for one in engine.client.api.images() for tag in one["RepoTags"] or ()]

    def answers(self, password: str = "") -> int:
        """The status of its front page, with or without a login."""
        request = urllib.request.Request(f"http://{self.host}/v2/")
        if password:
            pair = base64.b64encode(f"{self.user}:{password}".encode()).decode()
            request.add_header("Authorization", f"Basic {pair}")
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


@contextlib.contextmanager
def started(
    folder: Path, *, port: int = 0, address: str = LOOPBACK, inside: Sequence[str] = ()
) -> Iterator[Registry]:
    """Starts Debian's registry; loopback is the one place that an engine asks without TLS.

    It listens on ``address``, where the command ``inside`` puts it: from here it is reached on loopback.
    """
    program = shutil.which("docker-registry")
    assert program, "docker-registry is not there: run `make test`, which installs it"
    port = port or free_port()
    registry = Registry(f"{LOOPBACK}:{port}", folder)
    _write_passwords(registry)
    (folder / "config.yml").write_text(json.dumps(_config(registry, f"{address}:{port}")))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REGISTRY_")}
    with (folder / "log").open("wb") as log:
        command = [*inside, program, "serve", str(folder / "config.yml")]
        child = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        eventually(lambda: registry.answers(registry.password) == 200, "the registry answers")
        yield registry
    finally:
        child.terminate()
        child.wait(20)


def free_port() -> int:
    """One that nobody listens on."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _write_passwords(registry: Registry) -> None:
    command = ["htpasswd", "-i", "-B", "-n", registry.user]
    made = subprocess.run(command, input=registry.password, capture_output=True, text=True, check=True)
    (registry.folder / "htpasswd").write_text(made.stdout)


def _config(registry: Registry, listens: str) -> dict[str, object]:
    passwords = str(registry.folder / "htpasswd")
    return {
        "version": "0.1",
        "log": {"level": "warn"},
        "storage": {"filesystem": {"rootdirectory": str(registry.folder / "data")}},
        "http": {"addr": listens},
        "auth": {"htpasswd": {"realm": "test", "path": passwords}},
    }
