from __future__ import annotations

import pytest

from galley_iac.manifest import command
from tests.unit.manifest.compose.support import notice, problem, service

COMMAND = "command: run-worker"


def start(written: str) -> str | None:
    return service("worker", COMMAND, f"command: {written}").start


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("run-worker", ["run-worker"]),
        ("bundle exec rails s -b 0.0.0.0", ["bundle", "exec", "rails", "s", "-b", "0.0.0.0"]),
        ('sh -c "a && b"', ["sh", "-c", "a && b"]),
        ("a && b", ["a", "&&", "b"]),
        ("[sh, -c, 'echo $$HOME | cat']", ["sh", "-c", "echo $HOME | cat"]),
        ("[echo, 'a b', 1, true]", ["echo", "a b", "1", "true"]),
        ("serve --port ${PORT:-8000}", ["serve", "--port", "8000"]),
        ("'echo $$PORT'", ["echo", "$PORT"]),
    ],
)
def test_words_are_those_of_compose_which_uses_no_shell(written: str, words: list[str]) -> None:
    line = start(written)
    assert line is not None
    assert command.argv(line) == tuple(words)


def test_an_empty_argument() -> None:
    assert start("redis-server --save ''") == "redis-server --save ''"


def test_entrypoint() -> None:
    found = service("worker", COMMAND, "entrypoint: [/docker-entrypoint.sh, -x]\n    command: run")
    assert (found.entrypoint, found.start) == ("/docker-entrypoint.sh -x", "run")


@pytest.mark.parametrize("key", ["command", "entrypoint"])
@pytest.mark.parametrize("written", ["[]", '""', "['']"])
def test_empty(key: str, written: str) -> None:
    assert notice(COMMAND, f"{key}: {written}").split(": ", 1)[1] == (
        f"services.worker.{key}: an empty `{key}` is not carried over\n    the image's own is used"
    )


def test_quote_that_is_not_closed() -> None:
    assert problem(COMMAND, "command: echo 'a") == (
        "compose.yaml:10:14: services.worker.command: is no command line (no closing quotation)\n"
        "    close the quotes, or write it as a list"
    )


def test_a_variable_without_a_default() -> None:
    assert problem(COMMAND, "command: serve ${PORT}") == (
        "compose.yaml:10:14: services.worker.command: "
        "`${PORT}` has no default, and variables are not known here\n"
        "    write `${PORT:-value}`, or the value itself"
    )


@pytest.mark.parametrize("written", ["{a: b}", "[[a]]"])
def test_wrong_shape(written: str) -> None:
    assert "must be one value, not a list or a mapping" in problem(COMMAND, f"command: {written}")
