"""What every verb says of itself. The golden files hold the options, not argparse's layout, which changes."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from galley_iac.cli import main as command

GOLDEN = Path(__file__).parents[2] / "golden" / "cli" / "help"


def parser_of(verb: str) -> argparse.ArgumentParser:
    """The verb's own parser, as the command makes it."""
    (verbs,) = subparsers(command._parser([verb]))
    return verbs.choices[verb]


def subparsers(parser: argparse.ArgumentParser) -> list[argparse._SubParsersAction[argparse.ArgumentParser]]:
    return [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]


def described(parser: argparse.ArgumentParser) -> Iterator[str]:
    """A line per argument and option, and the same for each action below a verb."""
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield f"{name}:"
                yield from (f"  {line}" for line in described(below))
            continue
        yield one(action)


def one(action: argparse.Action) -> str:
    names = ", ".join(action.option_strings) or str(action.metavar or action.dest)
    value = str(action.metavar or action.dest.upper()) if action.option_strings and action.nargs != 0 else ""
    choices = f" ({', '.join(map(str, action.choices))})" if action.choices else ""
    required = " [required]" if action.required and action.option_strings else ""
    return f"{names} {value}".rstrip() + f"{choices}{required}: {action.help or ''}".rstrip()


def test_all_verbs(golden: Callable[[Path, str], None]) -> None:
    lines = [f"{verb}: {summary}" for verb, summary in command.VERBS.items()]
    golden(GOLDEN / "galley.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize("verb", sorted(command.VERBS))
def test_a_verb(verb: str, golden: Callable[[Path, str], None]) -> None:
    lines = list(described(parser_of(verb))) or ["no options"]
    golden(GOLDEN / f"{verb}.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize("verb", ["", *sorted(command.VERBS)])
def test_help_is_printed(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command._parser([verb]).parse_args([*([verb] if verb else []), "--help"])
    assert ended.value.code == 0
    printed = capsys.readouterr()
    assert printed.out.startswith(f"usage: galley {verb}".rstrip())
    assert printed.err == ""


@pytest.mark.parametrize("verb", sorted(command.VERBS))
def test_only_the_verb_that_is_asked_for_is_loaded(verb: str) -> None:
    (verbs,) = subparsers(command._parser([verb]))
    loaded = [name for name, parser in verbs.choices.items() if parser.get_default("run")]
    assert loaded in ([verb], []), "one with actions has its functions with them"
