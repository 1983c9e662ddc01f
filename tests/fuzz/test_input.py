from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from galley_iac.errors import InputError
from galley_iac.manifest import tree
from tests.fuzz import targets
from tests.fuzz.strategies import COMPOSE_FILES, MANIFESTS, as_yaml, edited

EXAMPLES = int(os.environ.get("GALLEY_FUZZ_EXAMPLES", "300"))
SECONDS = 10
"""Far above what any case takes; what takes longer hangs."""

fuzz = settings(
    max_examples=EXAMPLES,
    deadline=SECONDS * 1000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@pytest.mark.parametrize("target", targets.TARGETS)
def test_any_text(target: str) -> None:
    @fuzz
    @given(st.text())
    def check(text: str) -> None:
        targets.TARGETS[target](text)

    check()


SPECIAL = st.text(alphabet=list("${}:-?+ABS_$ \n\t'\"\\|&;<>()/.~#=!*[]ä\0"), max_size=60)


@pytest.mark.parametrize("target", targets.TARGETS)
def test_text_of_special_characters(target: str) -> None:
    @fuzz
    @given(SPECIAL)
    def check(text: str) -> None:
        targets.TARGETS[target](text)

    check()


@fuzz
@given(MANIFESTS)
def test_manifests_of_real_keys(value: Any) -> None:
    targets.manifest(as_yaml(value))


@fuzz
@given(COMPOSE_FILES)
def test_compose_files_of_real_keys(value: Any) -> None:
    targets.compose(as_yaml(value))


@fuzz
@given(edited("*/galley.yaml"))
def test_edited_manifests(text: str) -> None:
    targets.manifest(text)


@fuzz
@given(edited("*/*compose.y*ml"))
def test_edited_compose_files(text: str) -> None:
    targets.compose(text)


@fuzz
@given(st.binary())
def test_bytes(content: bytes) -> None:
    try:
        tree.decode(content, "f")
    except InputError as error:
        targets.check_problems(error, content.decode("latin-1"))


@fuzz
@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from(["[{}]", "{{<<: [{}]}}", "{{k: [{}]}}"]))
def test_alias_bombs(levels: int, width: int, form: str) -> None:
    lines = ["x-a0: &a0 {k0: 1}"]
    for level in range(1, levels):
        aliases = ", ".join([f"*a{level - 1}"] * width)
        lines.append(f"x-a{level}: &a{level} " + form.format(aliases))
    targets.manifest("\n".join([*lines, "version: 1", "services: {a: {image: x, kind: other}}"]))
