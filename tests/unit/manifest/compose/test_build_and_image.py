from __future__ import annotations

import pytest

from galley_iac.manifest.compose.keys import BUILD as KEYS
from galley_iac.manifest.template import Template
from tests.unit.manifest.compose.support import VALID, notice, problem, problems, read, service

BUILD = "build: ./web\n    ports"


def build(written: str) -> tuple[str, str]:
    return BUILD, f"build: {written}\n    ports"


def test_short_form() -> None:
    found = service("web").build
    assert found is not None
    assert (found.path, found.dockerfile, found.target, found.args) == ("web", None, None, {})
    assert service("web", *build("{context: ./web}")) == service("web")


def test_long_form() -> None:
    found = service(
        "web", *build("{context: ., dockerfile: docker/x, target: run, args: {A: 1.10, B: true}}")
    ).build
    assert found is not None
    assert (found.path, found.dockerfile, found.target) == (".", "docker/x", "run")
    assert {name: str(value) for name, value in found.args.items()} == {"A": "1.10", "B": "true"}


def test_arguments_as_a_list() -> None:
    found = service("web", *build("{context: ., args: [A=1, 'B=x=$Y', C=]}")).build
    assert found is not None
    assert {name: str(value) for name, value in found.args.items()} == {"A": "1", "B": "x=${Y}", "C": ""}


@pytest.mark.parametrize("args", ["[A]", "{A: }"])
def test_an_argument_from_the_shell(args: str) -> None:
    assert notice(*build(f"{{context: ., args: {args}}}")).split(": ", 1)[1] == (
        "services.web.build.args.A: `A` has no value, and the machine's own environment is not read\n"
        "    it has the value of the project variable `A`, or is empty when there is none"
    )
    found = service("web", *build(f"{{context: ., args: {args}}}")).build
    assert found is not None
    assert str(found.args["A"]) == "${A:-}"


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("/srv", "context: is absolute"),
        ("https://example.com/x.git", "context: is remote"),
        ("{target: x}", "`context` is missing"),
        ("{context: ., dockerfile: /x}", "dockerfile: is absolute"),
        ("{context: ., target: ':x'}", "`:x` is no name of a stage"),
        ("{context: ., args: {a-b: 1}}", "`a-b` is no name of a build argument"),
        ("{context: ., args: 1}", "must be a mapping"),
        ("{context: ., dockerfil: x}", "unknown key (did you mean `dockerfile`?)"),
        ("{context: [x]}", "must be one value"),
        ("[x]", "must be a mapping"),
    ],
)
def test_wrong(written: str, rule: str) -> None:
    assert rule in problems(VALID.replace(*build(written)))[0]


@pytest.mark.parametrize("key", sorted(KEYS.dropped))
def test_keys_that_are_not_carried_over(key: str) -> None:
    expected = f"services.web.build.{key}: `build.{key}` is not carried over\n    {KEYS.dropped[key]}"
    assert notice(*build(f"{{context: ., {key}: [x]}}")).split(": ", 1)[1] == expected


@pytest.mark.parametrize("key", sorted(KEYS.refused))
def test_keys_without_which_the_image_would_be_another(key: str) -> None:
    expected = f"services.web.build.{key}: `build.{key}` cannot be carried over\n    {KEYS.refused[key]}"
    assert problem(*build(f"{{context: ., {key}: [x]}}")).split(": ", 1)[1] == expected


def test_image() -> None:
    assert service("db").image == Template.literal("postgres:16")
    assert str(service("db", "postgres:16", "'${IMAGE:-postgres:16}'").image) == "${IMAGE:-postgres:16}"
    assert problem("postgres:16", "Postgres") == (
        "compose.yaml:12:12: services.db.image: `Postgres` is no image name\n"
        "    write `name:tag` or `registry/namespace/name:tag`"
    )


def test_who_names_only_the_image_of_a_build_shares_the_build() -> None:
    text = VALID.replace("build: ./web\n    ports", "build: ./web\n    image: app\n    ports").replace(
        "build: ./web\n    command", "image: app\n    command"
    )
    services = read(text).manifest.services
    assert services["worker"].build == services["web"].build
    assert services["worker"].image is None
    assert services["web"].image is None


def test_a_mistake_in_a_shared_build_is_reported_once() -> None:
    text = VALID.replace("build: ./web\n    ports", "build: /x\n    image: app\n    ports").replace(
        "build: ./web\n    command", "image: app\n    command"
    )
    assert len(problems(text)) == 1
