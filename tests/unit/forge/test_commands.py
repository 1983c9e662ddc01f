"""Commands in comments."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galley_iac.forge import commands
from galley_iac.forge.commands import Command, Mistake, Verb
from tests.unit.forge.shapes import OTHER, SHA


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ("/galley rebuild", Command(Verb.REBUILD)),
        ("/galley PIN  ", Command(Verb.PIN)),
        ("thanks!\n/galley unpin\nbye", Command(Verb.UNPIN)),
        ("/galley\textend 2d", Command(Verb.EXTEND, by=172800.0)),
        ("/galley extend 1d12h\r\n", Command(Verb.EXTEND, by=129600.0)),
        ("/galley sleep\n/galley wake", Command(Verb.SLEEP)),
        ("/galley down", Command(Verb.DOWN)),
        (f"/galley approve {SHA}", Command(Verb.APPROVE, commit=SHA)),
        (f"/galley approve {SHA.upper()}", Command(Verb.APPROVE, commit=SHA)),
        ("```\n/galley down\n```\n/galley wake", Command(Verb.WAKE)),
    ],
)
def test_commands(body: str, command: Command) -> None:
    assert commands.parse(body) == command


@pytest.mark.parametrize(
    "body",
    [
        "",
        "rebuild",
        "please /galley rebuild",
        "> /galley down",
        "    /galley down",
        "/galleys down",
        "/galleydown",
        "```\n/galley down\n```",
        "~~~\n/galley down",
        f"/galley down\n{commands.MARKER}x -->",
    ],
)
def test_no_command(body: str) -> None:
    assert commands.parse(body) is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("/galley", "there is no command; there are rebuild, pin"),
        ("/galley destroy", "there is no command `destroy`"),
        ("/galley `@all`[x](y)", "there is no command `?-all??x??y?`".replace("-", "?")),
        ("/galley down now", "`down` takes nothing more"),
        ("/galley extend", "`extend` needs one duration"),
        ("/galley extend 2", "`extend` needs one duration"),
        ("/galley extend 2d 3d", "`extend` needs one duration"),
        ("/galley approve", "needs the whole id"),
        (f"/galley approve {SHA[:12]}", "needs the whole id"),
        (f"/galley approve {SHA} {OTHER}", "needs the whole id"),
    ],
)
def test_mistakes_say_what_is_wrong_and_repeat_nothing_that_acts(body: str, why: str) -> None:
    found = commands.parse(body)
    assert isinstance(found, Mistake)
    assert why in found.why
    assert "@" not in found.why


def test_an_approval_names_its_commit() -> None:
    assert commands.approved(f"fine\n/galley approve {SHA}") == SHA
    for body in (SHA, f"approve {SHA}", f"`/galley approve {SHA}`", "/galley approve", "/galley down"):
        assert commands.approved(body) == ""


@settings(max_examples=100)
@given(st.text() | st.text().map("/galley {}".format))
def test_any_comment_is_a_command_or_none(body: str) -> None:
    found = commands.parse(body)
    assert found is None or isinstance(found, Command | Mistake)
    if isinstance(found, Mistake):
        assert not {"@", "<", ">", "|", "\n"} & set(found.why)
