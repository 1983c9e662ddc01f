"""The contract of the base images, as previews rely on it: it holds for real ones and stand-ins."""

from __future__ import annotations

import io
import tarfile

import pytest

from galley_iac.toolchain import recipes
from tests.integration.toolchain.conftest import Box, until

POSTGRES, REDIS, CADDY = "postgres:16-alpine", "redis:7-alpine", "caddy:2-alpine"
SLIM, ALPINE = "python:3.12-slim", "python:3.12-alpine"
LOGIN = {"POSTGRES_USER": "app", "POSTGRES_PASSWORD": "it's $ecret", "POSTGRES_DB": "shop"}


def _file(name: str, text: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(text.encode()), 0o644
        archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


class TestPostgres:
    """A database that is made on the first start and kept in a volume."""

    def _ask(self, box: Box, sql: str) -> str:
        query = ["psql", "-h", "db", "-U", "app", "-d", "shop", "-Atc", sql]
        code, printed = box.output(POSTGRES, *query, environment={"PGPASSWORD": LOGIN["POSTGRES_PASSWORD"]})
        assert code == 0, printed
        return printed.strip()

    def _ready(self, box: Box) -> bool:
        return box.output(POSTGRES, "pg_isready", "-q", "-h", "db")[0] == 0

    def test_the_database_of_the_environment_with_the_scripts_applied(self, box: Box) -> None:
        database = box.client.containers.create(
            POSTGRES,
            environment=LOGIN,
            network=box.network.name,
            labels={"galley.test": box.network.name},
            name=f"{box.network.name}-db",
        )
        box.network.disconnect(database)
        box.network.connect(database, aliases=["db"])
        script = "create table item (id int); insert into item values (42);"
        database.put_archive("/docker-entrypoint-initdb.d", _file("10-items.sql", script))
        database.start()
        until(lambda: self._ready(box))

        assert self._ask(box, "select id from item") == "42"
        assert self._ask(box, "show server_version").startswith("16.")
        assert self._ask(box, "show data_directory") == "/var/lib/postgresql/data"

    def test_data_outlives_the_container(self, box: Box) -> None:
        volume = {box.volume().name: {"bind": "/var/lib/postgresql/data"}}
        first = box.start(POSTGRES, name="db", environment=LOGIN, volumes=volume)
        until(lambda: self._ready(box))
        self._ask(box, "create table kept (id int)")
        first.stop()
        first.remove()

        box.start(POSTGRES, name="db", environment=LOGIN, volumes=volume)
        until(lambda: self._ready(box))

        assert self._ask(box, "select count(*) from kept") == "0"

    def test_without_a_password_it_refuses(self, box: Box) -> None:
        code, printed = box.output(POSTGRES)

        assert code == 1
        assert "POSTGRES_PASSWORD" in printed

    def test_the_server_does_not_run_as_root(self, box: Box) -> None:
        server = box.start(POSTGRES, name="db", environment=LOGIN)
        until(lambda: self._ready(box))

        assert {row[0] for row in server.top()["Processes"]} == {"70"}


class TestRedis:
    """A cache that answers its siblings without a password, unless one is set."""

    def _ask(self, box: Box, *words: str) -> str:
        return box.output(REDIS, "redis-cli", "-h", "cache", *words)[1].strip()

    def test_it_answers_siblings(self, box: Box) -> None:
        box.start(REDIS, name="cache")

        until(lambda: self._ask(box, "ping") == "PONG")
        assert self._ask(box, "config", "get", "dir").splitlines() == ["dir", "/data"]

    def test_options_alone_are_the_servers(self, box: Box) -> None:
        box.start(REDIS, "--requirepass", "pw", name="cache")

        until(lambda: "NOAUTH" in self._ask(box, "ping"))
        assert self._ask(box, "--no-auth-warning", "-a", "pw", "ping") == "PONG"

    def test_it_answers_siblings_when_a_shell_starts_it(self, box: Box) -> None:
        """With an empty option there is a shell in between, of which the entry point knows nothing."""
        box.start(REDIS, "/bin/sh", "-c", "redis-server --save ''", name="cache")

        until(lambda: self._ask(box, "ping") == "PONG")

    def test_the_server_does_not_run_as_root(self, box: Box) -> None:
        server = box.start(REDIS, name="cache")
        until(lambda: self._ask(box, "ping") == "PONG")

        assert {row[0] for row in server.top()["Processes"]} == {"999"}


class TestCaddy:
    """The router's image."""

    def test_it_serves_the_configuration_that_it_is_given(self, box: Box) -> None:
        config = ":80 {\n\trespond hello\n}\n"
        router = box.client.containers.create(
            CADDY, network=box.network.name, labels={"galley.test": box.network.name}
        )
        router.put_archive("/etc/caddy", _file("Caddyfile", config))
        router.start()

        def fetched() -> bool:
            done = router.exec_run(["wget", "-qO-", "http://127.0.0.1:80/"])
            return bool(done.exit_code == 0 and done.output == b"hello")

        until(fetched)

    def test_its_program_needs_the_right_to_bind_low_ports(self, box: Box) -> None:
        """Who drops all capabilities has to add this one: a stand-in that did not care would hide it."""
        allowed = {"cap_drop": ["ALL"], "cap_add": ["NET_BIND_SERVICE"]}

        assert box.output(CADDY, "caddy", "version", **allowed)[0] == 0
        assert "operation not permitted" in box.output(CADDY, "caddy", "version", cap_drop=["ALL"])[1]


@pytest.mark.parametrize("image", [SLIM, ALPINE])
class TestPython:
    """What Dockerfiles do with it."""

    def test_its_version(self, box: Box, image: str) -> None:
        assert box.output(image, "python", "--version")[1].startswith("Python 3.12.")
        assert box.output(image, "python3", "-c", "import ssl, sqlite3, ctypes; print(1)") == (0, "1\n")

    def test_pip_and_virtual_environments(self, box: Box, image: str) -> None:
        steps = "pip --version && python -m venv /v && /v/bin/pip --version && /v/bin/python -m pip --version"

        code, printed = box.output(image, "sh", "-c", steps)

        assert code == 0, printed
        assert printed.count("(python 3.12)") == 3


@pytest.mark.parametrize(
    ("image", "command", "start"),
    [
        ("node:20-alpine", ["node", "--version"], "v20."),
        ("node:20-alpine", ["-p", "1 + 1"], "2"),
        ("node:20-alpine", ["npm", "--version"], "10."),
        ("golang:1.24-alpine", ["go", "version"], "go version go1.24."),
        ("alpine:3.20", ["wget", "--help"], ""),
    ],
)
def test_tools_that_builds_rely_on(box: Box, image: str, command: list[str], start: str) -> None:
    code, printed = box.output(image, *command)

    assert (code, printed[: len(start)]) == (0, start)


def test_go_compiles_without_a_c_compiler(box: Box) -> None:
    source = 'package main\n\nfunc main() { println("compiled") }\n'
    script = f"mkdir /s && cd /s && cat >main.go <<'E'\n{source}\nE\ngo run main.go"

    assert box.output("golang:1.24-alpine", "sh", "-c", script) == (0, "compiled\n")


@pytest.mark.parametrize("recipe", recipes.load().values(), ids=lambda recipe: recipe.name)
def test_a_stand_in_says_that_it_is_one(box: Box, recipe: recipes.Recipe) -> None:
    """The real images say nothing of the kind, under whichever of the names."""
    labels = [box.client.images.get(name).labels for name in recipe.stands_in_for[:1]]

    for found in labels:
        assert found.get("galley.standin.what", recipe.what) == recipe.what
        assert ("galley.standin" in found) == ("galley.standin.what" in found)
