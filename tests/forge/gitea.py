"""A real Gitea on loopback, with its API and without its front end; it has ended when its context is left."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from galley_iac.toolchain import paths, pins, servers
from tests.forge.api import Api
from tests.integration.harness.web import LOOPBACK, eventually

_USER = "nobody"
"""Gitea refuses to run as root."""

_EVERYBODY_S = "/tmp"
"""TMPDIR may be a folder that this user may not look into."""


@dataclass(frozen=True)
class Forge:
    """A running forge. Users have the password that their name gives."""

    folder: Path
    url: str

    def user(self, name: str, *, admin: bool = False) -> Api:
        """Makes a user; returns the API as that user has it."""
        words = ["--username", name, "--password", password(name), "--email", f"{name}@example.test"]
        more = ["--admin"] if admin else []
        printed = self.run("admin", "user", "create", *words, *more, "--must-change-password=false")
        assert "successfully created" in printed, printed
        words = ["--username", name, "--token-name", "tests", "--scopes", "all", "--raw"]
        token = self.run("admin", "user", "generate-access-token", *words).split()[-1]
        return Api(f"{self.url}/api/v1", name, token)

    def run(self, *words: str) -> str:
        """One of the program's own commands, on this forge."""
        command = [str(self.folder / "gitea"), "--config", str(_config(self.folder)), *words]
        done = subprocess.run(
            command, **_identity(self.folder), capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def log(self) -> str:
        """What it has written."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")


def password(name: str) -> str:
    """A user's password."""
    return f"{name}-has-a-password"


@contextlib.contextmanager
def started(database: str) -> Iterator[Forge]:
    """Starts it on an empty Postgres database, whose URL is given; what it keeps is removed with it."""
    built = servers.folder(pins.GITEA, paths.layout())
    assert (built / "gitea").is_file(), f"{built} is not there: run `make test`, which builds it"
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="galley-forge-", dir=_EVERYBODY_S) as name:
        forge = Forge(Path(name), f"http://{LOOPBACK}:{port}")
        shutil.copytree(built, forge.folder, dirs_exist_ok=True)
        _config(forge.folder).write_text(_settings(forge.folder, port, database))
        _hand_over(forge.folder)
        with (forge.folder / "log").open("wb") as log:
            command = [str(forge.folder / "gitea"), "--config", str(_config(forge.folder)), "web"]
            child = subprocess.Popen(command, **_identity(forge.folder), stdout=log, stderr=log)
        try:
            eventually(lambda: _answers(forge, child), "the forge answers", 120)
            yield forge
        finally:
            child.terminate()
            child.wait(60)


def _answers(forge: Forge, child: subprocess.Popen[bytes]) -> bool:
    assert child.poll() is None, forge.log()
    return Api(f"{forge.url}/api/v1").ask("GET", "/version").status == 200


def _config(folder: Path) -> Path:
    return folder / "app.ini"


def _hand_over(folder: Path) -> None:
    """To the user that it runs as, where these tests run as root."""
    folder.chmod(0o755)
    if os.geteuid() == 0:
        (folder / "gitea").chmod(0o755)
        shutil.chown(folder, _USER)
        shutil.chown(_config(folder), _USER)


def _identity(folder: Path) -> dict[str, object]:
    user = _USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    kept = {"PATH": os.environ["PATH"]}
    found: dict[str, object] = {"env": {**kept, "HOME": str(folder), "USER": user}, "cwd": folder}
    if os.geteuid() == 0:
        entry = pwd.getpwnam(_USER)
        found.update(user=entry.pw_uid, group=entry.pw_gid, extra_groups=[])
    return found


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _settings(folder: Path, port: int, database: str) -> str:
    """No registration, no mail, nothing by the clock; hooks may go to loopback."""
    at = urlsplit(database)
    user = _USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    sections: Mapping[str, Mapping[str, object]] = {
        "server": {
            "HTTP_ADDR": LOOPBACK,
            "HTTP_PORT": port,
            "ROOT_URL": f"http://{LOOPBACK}:{port}/",
            "STATIC_ROOT_PATH": folder,
            "APP_DATA_PATH": folder / "data",
            "DISABLE_SSH": True,
            "OFFLINE_MODE": True,
        },
        "database": {
            "DB_TYPE": "postgres",
            "HOST": f"{at.hostname}:{at.port}",
            "NAME": at.path.strip("/"),
            "USER": at.username,
            "PASSWD": at.password,
            "SSL_MODE": "disable",
        },
        "security": {
            "INSTALL_LOCK": True,
            "SECRET_KEY": secrets.token_hex(32),
            "PASSWORD_HASH_ALGO": "pbkdf2_v1",
        },
        "oauth2": {"ENABLED": False},
        "service": {"DISABLE_REGISTRATION": True},
        "webhook": {"ALLOWED_HOST_LIST": "loopback"},
        "repository": {"ROOT": folder / "repositories", "DEFAULT_BRANCH": "main"},
        "git": {"HOME_PATH": folder / "git-home"},
        "queue": {"TYPE": "channel"},
        "indexer": {"ISSUE_INDEXER_TYPE": "db"},
        "actions": {"ENABLED": False},
        "cron": {"ENABLED": False},
        "picture": {"DISABLE_GRAVATAR": True},
        "log": {"MODE": "console", "LEVEL": "Warn"},
    }
    lines = [f"RUN_USER = {user}", f"WORK_PATH = {folder}"]
    for name, values in sections.items():
        lines += [f"[{name}]", *(f"{key} = {value}" for key, value in values.items())]
    return "\n".join(lines) + "\n"
