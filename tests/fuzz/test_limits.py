"""Files of the allowed size whose content is made to take long: each is answered in seconds."""

from __future__ import annotations

import time
from contextlib import nullcontext

import pytest

from galley_iac.errors import InputError
from galley_iac.manifest import parse, tree
from galley_iac.manifest.compose import parse_compose

SECONDS = 15
"""The slowest takes three on two slow processors; what is quadratic took more than a minute."""

HEAD = "version: 1\nservices:\n"
ONE = f"{HEAD}  a:\n    kind: other\n    image: x\n"


def lines(form: str, number: int) -> str:
    return "".join(form.format(i=i, n=i + 1) for i in range(number))


GALLEY = {
    "a real large file": HEAD
    + "".join(f"  s{i}: {{kind: other, image: x, env: {{{lines('A{i}: x, ', 150)}}}}}\n" for i in range(100)),
    "unknown keys": ONE + lines("    expsoe{i}: 1\n", 12_000),
    "unknown keys of the top": "version: 1\n" + lines("svc{i}: 1\n", 19_000),
    "unknown dependencies": HEAD
    + f"  a:\n    image: x\n    depends_on: [{lines('s{i}, ', 15_000)}]\n"
    + lines("  svc{i}: {{image: x}}\n", 99),
    "too many services": HEAD + lines("  s{i}: {{image: x, depends_on: [t{n}]}}\n", 4_000),
    "bad names and values": ONE + "    env:\n" + lines("      1A{i}: $\n", 9_000),
    "keys twice": HEAD + "  a: 1\n" * 19_000,
    "a long template": ONE + f"    env: {{A: '{'$x' * 120_000}'}}\n",
    "a long command": ONE + f'    start: "{chr(39) * 2} {"a " * 100_000}"\n',
    "a long image": ONE.replace("image: x", f"image: '{'a.-' * 80_000}!'"),
    "a long list": ONE + f"    depends_on: [{'a, ' * 80_000}]\n",
}
COMPOSE = {
    "too many services": "services:\n" + lines("  s{i}: {{image: x, depends_on: [t{n}]}}\n", 3_000),
    "variables of the shell": "services:\n  a:\n    image: x\n    environment:\n"
    + lines("    - A{i}\n", 15_000),
    "a chain of extends": "services:\n" + lines("  s{i}: {{extends: s{n}}}\n", 1_500),
    "a large service extended often": "services:\n  b:\n    image: x\n    environment:\n"
    + lines("      A{i}: 1\n", 9_000)
    + lines("  s{i}: {{extends: b}}\n", 1_500),
    "a check begun often": f"services: {{a: {{image: x, healthcheck: {{test: {'curl http' * 28_000}}}}}}}",
    "ports": f"services: {{a: {{image: x, ports: [{lines('{n}, ', 19_000)}]}}}}",
}


RIGHT = {
    "a real large file",
    "a long template",
    "variables of the shell",
    "a check begun often",
    "ports",
}


@pytest.mark.parametrize("name", GALLEY)
def test_galley_yaml(name: str) -> None:
    text = GALLEY[name]
    assert len(text) <= tree.MAX_CHARACTERS
    started = time.process_time()
    with nullcontext() if name in RIGHT else pytest.raises(InputError):
        parse(text, "galley.yaml")
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("name", COMPOSE)
def test_compose(name: str) -> None:
    text = COMPOSE[name]
    assert len(text) <= tree.MAX_CHARACTERS
    started = time.process_time()
    with nullcontext() if name in RIGHT else pytest.raises(InputError):
        parse_compose(text, "compose.yaml", {}.get)
    assert time.process_time() - started < SECONDS


def test_extends_of_one_file_reads_it_once() -> None:
    text = "services:\n" + lines("  s{i}: {{extends: {{file: b.yaml, service: b}}}}\n", 90)
    asked: list[str] = []

    def read(name: str) -> str | None:
        asked.append(name)
        return "services: {b: {image: 'redis:7'}}" if name == "b.yaml" else None

    assert len(parse_compose(text, "compose.yaml", read).manifest.services) == 90
    assert asked.count("b.yaml") == 1


def test_values_made_by_extends_are_bounded() -> None:
    with pytest.raises(InputError) as raised:
        parse_compose(COMPOSE["a large service extended often"], "compose.yaml", {}.get)
    assert "`extends` makes more than 100000 values" in str(raised.value)
