from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galley_iac.manifest import command
from galley_iac.manifest.command import CommandError


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("run", ("run",)),
        ("uvicorn app.main:app --port 8000", ("uvicorn", "app.main:app", "--port", "8000")),
        ("celery -A app.tasks worker -l info", ("celery", "-A", "app.tasks", "worker", "-l", "info")),
        ("  node   server.js ", ("node", "server.js")),
        ("echo 'a b' \"c d\"", ("echo", "a b", "c d")),
        ("sh -c 'a && b $X'", ("sh", "-c", "a && b $X")),
        ('node -e "console.log(1)"', ("node", "-e", "console.log(1)")),
        ("a\\ b c", ("a b", "c")),
        ("env A=1 run", ("env", "A=1", "run")),
        ("run --opt=x=y @file a,b %d", ("run", "--opt=x=y", "@file", "a,b", "%d")),
    ],
)
def test_plain_commands_run_without_a_shell(line: str, words: tuple[str, ...]) -> None:
    assert command.argv(line) == words


@pytest.mark.parametrize(
    "line",
    [
        "a && b",
        "a; b",
        "a | b",
        "a & b",
        "a > out",
        "a < in",
        "serve --port $PORT",
        'serve "$PORT"',
        'echo "`id`"',
        "echo `id`",
        "ls *.py",
        "ls a?",
        "cd ~/x",
        "A=1 run",
        "exec run",
        "cd x",
        "(a)",
        "a {b,c}",
        "a\nb",
        "run # comment",
        'redis-server --save ""',
        "! a",
    ],
)
def test_what_only_a_shell_understands(line: str) -> None:
    assert command.argv(line) == ("/bin/sh", "-c", line)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("'' a", "is empty"),
        ("a 'b", "is no command line (no closing quotation)"),
        ('a "b', "is no command line (no closing quotation)"),
        ("a \\", "is no command line (no escaped character)"),
    ],
)
def test_errors(line: str, message: str) -> None:
    with pytest.raises(CommandError) as raised:
        command.argv(line)
    assert str(raised.value) == message


WORD = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\0\n", exclude_categories=["C"]), min_size=1
)


@given(st.lists(WORD, max_size=4))
def test_join_is_the_inverse(words: list[str]) -> None:
    assert command.argv(command.join(("run", *words))) == ("run", *words)


@given(st.lists(st.sampled_from(["a", " ", "'", '"', "\\", "b c", "=", "\t"]), max_size=12).map("".join))
@settings(max_examples=60, deadline=None)
def test_a_plain_command_has_the_words_that_a_shell_would_make(tail: str) -> None:
    line = f"run {tail}"
    try:
        words = command.argv(line)
    except CommandError:
        return
    program = [sys.executable, "-c", "import sys; print(ascii(sys.argv[1:]))"]
    if words[0] == "run":
        script = line.replace("run", '"$@"', 1)
        shell = subprocess.run(["/bin/sh", "-c", script, "sh", *program], capture_output=True, check=True)
        assert shell.stdout.decode().strip() == ascii(list(words[1:]))
