from __future__ import annotations

import pytest

from tests.unit.manifest.compose.support import changed, notice, notices, problem, problems, read, service

ENVIRONMENT = 'environment: {A: "1"}'


def env(written: str, files: dict[str, str] | None = None) -> dict[str, str]:
    found = service("web", ENVIRONMENT, written, files)
    return {name: str(value) for name, value in found.env.items()}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "{A: 1.10, B: yes, C: True, D: '', E: 010}",
            {"A": "1.10", "B": "yes", "C": "true", "D": "", "E": "010"},
        ),
        ("[A=1, 'B=x = y', C=, 'D=True']", {"A": "1", "B": "x = y", "C": "", "D": "True"}),
        ("{A: $B, C: '${D:-x}', E: $$F}", {"A": "${B}", "C": "${D:-x}", "E": "$$F"}),
        ("[A=1, A=2]", {"A": "2"}),
        ("", {}),
        ("[]", {}),
        ("{spring.x-y: 1}", {"spring.x-y": "1"}),
    ],
)
def test_forms(written: str, expected: dict[str, str]) -> None:
    assert env(f"environment: {written}") == expected


@pytest.mark.parametrize("written", ["[A]", "{A: }", "{A: null}"])
def test_a_value_from_the_shell(written: str) -> None:
    assert env(f"environment: {written}") == {"A": "${A:-}"}
    assert notice(ENVIRONMENT, f"environment: {written}").split(": ", 1)[1] == (
        "services.web.environment.A: `A` has no value, and the machine's own environment is not read\n"
        "    it has the value of the project variable `A`, or is empty when there is none"
    )


def test_a_value_from_the_shell_that_no_variable_can_be() -> None:
    assert env("environment: [a.b]") == {"a.b": ""}
    assert notice(ENVIRONMENT, "environment: [a.b]").endswith(
        "    it is empty: no variable of a project can be called so"
    )


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("A", "must be a mapping"),
        ("{'A B': 1}", "`A B` is no name of an environment variable"),
        ('["A\\nB=1"]', "services.web.environment.A\\nB: `A\\nB` is no name of an environment variable"),
        ("['=1']", "`` is no name of an environment variable"),
        ("{A: [1]}", "must be one value, not a list or a mapping"),
        ("[{A: 1}]", "must be a mapping"),
        ("{A: $}", "a `$` that begins no variable (character 1)"),
    ],
)
def test_wrong(written: str, rule: str) -> None:
    assert rule in problem(ENVIRONMENT, f"environment: {written}")


@pytest.mark.parametrize("written", [".env", "[.env]", "[{path: .env}]", "./.env"])
def test_env_file_forms(written: str) -> None:
    assert env(f"env_file: {written}", {".env": "A=1\nB=2\n"}) == {"A": "1", "B": "2"}


def test_what_is_written_in_the_file_itself_wins_over_env_files_and_later_ones_over_earlier() -> None:
    written = "env_file: [a.env, b.env]\n    environment: {C: own}"
    files = {"a.env": "A=a\nB=a\nC=a", "b.env": "B=b\nC=b"}
    assert env(written, files) == {"A": "a", "B": "b", "C": "own"}


def test_missing_env_file() -> None:
    assert notice(ENVIRONMENT, "env_file: x.env") == (
        "compose.yaml:5:15: services.web.env_file.0.path: there is no file `x.env` in the repository\n"
        "    its variables are not set; write those needed under `environment` as `NAME: ${NAME}`"
    )


def test_an_env_file_that_may_be_missing() -> None:
    assert notices(ENVIRONMENT, "env_file: [{path: x.env, required: false}]") == []
    assert len(notices(ENVIRONMENT, "env_file: [{path: x.env, required: true}]")) == 1


def test_raw_env_file() -> None:
    assert env("env_file: [{path: x, format: raw}]", {"x": "A='$B' # c\n"}) == {"A": "'$$B' # c"}


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("/etc/passwd", "is absolute"),
        ("bad.env", "`bad.env`, line 2: is no assignment `NAME=value`"),
        ("[{path: ok.env, format: json}]", "the format `json` is not known"),
        ("long.env", "`long.env` is longer than 256 KiB"),
        ("[[x]]", "must be a mapping"),
        ("[{path: [x]}]", "must be one value"),
    ],
)
def test_wrong_env_file(written: str, rule: str) -> None:
    files = {"bad.env": "A=1\n!\n", "ok.env": "A=1", "long.env": "A=" + "x" * 300_000}
    assert rule in problems(changed(ENVIRONMENT, f"env_file: {written}"), files)[0]


def test_variables_of_the_dotenv_file_are_not_used() -> None:
    text = changed(ENVIRONMENT, "environment: {A: '$USED', B: '${OTHER:-1}'}")
    (only,) = read(text, {".env": "USED=1\nUNUSED=2\n"}).notices
    assert str(only) == (
        "compose.yaml:1:1: the values of `USED` in .env are not used\n"
        "    set them for the project: `galley var set NAME VALUE`, or `galley secret set NAME`"
    )
    assert read(text, {".env": "UNUSED=2\n"}).notices == ()
    assert read(text, {".env": "not an env file ='"}).notices == ()
