from __future__ import annotations

import pytest

from galley_iac.manifest.template import Template
from tests.unit.manifest.support import problem, service

ENV = "{LOG_LEVEL: info}"


def value(written: str) -> Template:
    return service("api", ENV, f"{{A: {written}}}").env["A"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("info", "info"),
        ("1", "1"),
        ("1.10", "1.10"),
        ("0755", "0755"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("22:22", "22:22"),
        ("2024-01-01", "2024-01-01"),
        ("1e3", "1e3"),
        ("true", "true"),
        ("True", "true"),
        ("FALSE", "false"),
        ("yes", "yes"),
        ("on", "on"),
        ("No", "No"),
        ('"True"', "True"),
        ('""', ""),
        ('"null"', "null"),
        ('"a\\nb"', "a\nb"),
        ("=", "="),
        ("$$x", "$x"),
    ],
)
def test_values_keep_their_text(written: str, text: str) -> None:
    assert value(written) == Template.literal(text)


def test_interpolated() -> None:
    found = value('"https://${GALLEY_PREVIEW_HOST_api}/$NAME"')
    assert found.variables() == ("GALLEY_PREVIEW_HOST_api", "NAME")


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_no_value(written: str) -> None:
    expected = '    write a value, or `""` for an empty one, or remove the key'
    assert (
        problem(ENV, f"{{A: {written}}}").partition(": ")[2]
        == f"services.api.env.A: has no value\n{expected}"
    )


@pytest.mark.parametrize("written", ["[1]", "{b: 1}"])
def test_not_one_value(written: str) -> None:
    assert problem(ENV, f"{{A: {written}}}") == (
        "galley.yaml:7:11: services.api.env.A: must be one value, not a list or a mapping\n"
        '    write a value, or `""` for an empty one'
    )


@pytest.mark.parametrize(
    ("written", "rule", "remedy"),
    [
        ("pa$", "a `$` that begins no variable (character 3)", "write `$$` for a dollar sign"),
        ("pa$1", "a `$` that begins no variable (character 3)", "write `$$` for a dollar sign"),
        ("'${A'", "`${` is not closed (character 1)", "close it with `}`, or write `$${` for the text `${`"),
        (
            '"${A\\nB}"',
            "`${A\\n` is no reference (character 1)",
            "write `${NAME}`, `${NAME:-default}`, `${NAME:?message}` or `${NAME:+other}`",
        ),
        (
            "'${}'",
            "`${` without a variable's name (character 1)",
            "write `${NAME}`, or `$${` for the text `${`",
        ),
        (
            "'${A!}'",
            "`${A!` is no reference (character 1)",
            "write `${NAME}`, `${NAME:-default}`, `${NAME:?message}` or `${NAME:+other}`",
        ),
    ],
)
def test_bad_references(written: str, rule: str, remedy: str) -> None:
    assert problem(ENV, f"{{A: {written}}}") == f"galley.yaml:7:14: services.api.env.A: {rule}\n    {remedy}"


@pytest.mark.parametrize("name", ["A", "_a", "a.b", "a-b", "spring.datasource.url", "A1"])
def test_names(name: str) -> None:
    assert list(service("api", ENV, f"{{{name}: 1}}").env) == [name]


@pytest.mark.parametrize("name", ["1A", "a b", "a=b", "ä", "a/b", "$A"])
def test_bad_names(name: str) -> None:
    assert problem(ENV, f'{{"{name}": 1}}') == (
        f"galley.yaml:7:11: services.api.env.{name}: `{name}` is no name of an environment variable\n"
        "    use letters, digits, `_`, `-` and `.`, with no digit first"
    )


def test_nul() -> None:
    assert problem(ENV, '{A: "a\\0b"}') == (
        "galley.yaml:7:14: services.api.env.A: contains the character U+0000\n"
        "    remove it: no program can be given such a value"
    )


def test_list_form() -> None:
    assert problem(ENV, "[A=1]") == (
        "galley.yaml:7:5: services.api.env: must be a mapping\n    write keys with values below `env`"
    )


@pytest.mark.parametrize("written", ["", "{}", "~"])
def test_empty(written: str) -> None:
    assert service("api", ENV, written).env == {}
