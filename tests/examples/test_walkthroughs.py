"""Each README's walk-through has the form that an integration test can run and compare."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples.folders import EXAMPLES, load, named
from tests.examples.walkthrough import Walkthrough, read

READMES = sorted(path.parent / "README.md" for path in EXAMPLES.glob("*/galley.yaml"))


def test_every_example_has_one() -> None:
    assert [path.parent.name for path in READMES if path.is_file()] == [
        "flask",
        "polyglot",
        "python",
        "static",
    ]


@pytest.mark.parametrize("readme", READMES, ids=named)
def test_it_is_three_lines_of_curl_against_the_printed_address(readme: Path) -> None:
    lines = read(readme).commands.splitlines()
    assert len(lines) == 3
    assert all("curl -s" in line and '"$URL/' in line for line in lines), lines


@pytest.mark.parametrize("readme", READMES, ids=named)
def test_each_line_has_one_line_of_answer(readme: Path) -> None:
    assert len(read(readme).answer.splitlines()) == 3


def test_the_answers_of_the_python_example_are_what_its_code_computes() -> None:
    measured = load("python/app/text.py").measure("to be or not to be")
    answer = read(EXAMPLES / "python/README.md").answer
    assert f'"words":{measured["words"]},"characters":{measured["characters"]}' in answer
    assert f'"sha256":"{measured["sha256"]}"' in answer


def test_the_answers_of_the_polyglot_example_are_what_its_code_computes() -> None:
    counts = load("polyglot/worker/chart.py").letters("Hello, world")
    lines = read(EXAMPLES / "polyglot/README.md").answer.splitlines()
    assert f'"letters":{counts.total()}' in lines[1]
    assert lines[2] == str(len(counts))


def test_the_first_block_of_each_language_is_taken(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("```sh\none\n```\n\n```text\n1\n2\n```\n\n```sh\nother\n```\n", encoding="utf-8")
    assert read(readme) == Walkthrough(commands="one\n", answer="1\n2\n")
