"""What ``${...}`` stands for, and what is said when it stands for nothing."""

from __future__ import annotations

import pytest

from galley_iac.errors import InputError, Problem
from galley_iac.plan.identity import Identity
from galley_iac.plan.preview import Address, behind_edge
from galley_iac.plan.settings import Settings
from galley_iac.plan.values import Open, Secret, Value
from tests.unit.plan.support import MAIN, plan, services

EDGE = behind_edge("preview.example")
SETTINGS = Settings(variables={"LEVEL": "debug", "EMPTY": ""}, secrets=frozenset({"TOKEN", "BOTH"}))

ROUTED = """\
my-api: {kind: api, image: acme/api, expose: 80, env: {IT: '%s'}}
web: {kind: web, image: acme/web, expose: 80}
db: {kind: database, image: acme/db}
"""


def value(text: str, identity: Identity = MAIN, address: Address | None = None) -> Value:
    """What ``text`` in an api's env becomes."""
    made = plan(services(ROUTED % text), identity, address, SETTINGS)
    return dict(made.container("my-api").env)["IT"]


def problems(text: str, identity: Identity = MAIN) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as raised:
        value(text, identity)
    return raised.value.problems


def problem(text: str, identity: Identity = MAIN) -> tuple[str, str]:
    """Rule and remedy of the only problem."""
    (only,) = problems(text, identity)
    assert (only.file, only.path) == ("galley.yaml", "services.my-api.env.IT")
    assert only.line == 3
    return only.rule, only.remedy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${GALLEY_PREVIEW}", "main-shop"),
        ("${GALLEY_BRANCH}", "main"),
        ("${GALLEY_PREVIEW_HOST_my_api}", "my-api--main-shop.preview.example"),
        ("${GALLEY_PREVIEW_URL_my_api}/v1", "https://my-api--main-shop.preview.example/v1"),
        ("${GALLEY_PREVIEW_HOST_web}", "main-shop.preview.example"),
        ("https://${GALLEY_PREVIEW_HOST_web}", "https://main-shop.preview.example"),
        ("${GALLEY_PR:-none}", "none"),
        ("${LEVEL}", "debug"),
        ("$LEVEL-${LEVEL}", "debug-debug"),
        ("${EMPTY}", ""),
        ("${EMPTY:-default}", "default"),
        ("${EMPTY-default}", ""),
        ("${NOWHERE:-a ${LEVEL} b}", "a debug b"),
        ("${LEVEL:+set}", "set"),
        ("${NOWHERE:+set}", ""),
        ("$${LEVEL} costs 5 $$", "${LEVEL} costs 5 $"),
    ],
)
def test_forms(text: str, expected: str) -> None:
    assert str(value(text, address=EDGE)) == expected


def test_a_pull_request_s_number() -> None:
    assert str(value("${GALLEY_PR}", Identity("shop", pull_request=7))) == "7"


def test_a_branch_with_every_character_is_passed_on_as_it_is() -> None:
    name = 'feature/${LEVEL}"$\\é'
    assert str(value("${GALLEY_BRANCH}", Identity("shop", branch=name))) == name


def test_on_a_laptop_a_url_has_the_router_s_port() -> None:
    made = value("${GALLEY_PREVIEW_URL_web}")
    assert made.parts == ("http://main-shop.localhost", ":", Open.ROUTER_PORT)


def test_a_host_never_has_a_port() -> None:
    assert value("${GALLEY_PREVIEW_HOST_web}").parts == ("main-shop.localhost",)


def test_a_secret_is_a_part_of_its_own() -> None:
    made = value("a:${TOKEN}@b")
    assert made.parts == ("a:", Secret("TOKEN"), "@b")
    assert str(made) == "a:********@b"


def test_a_secret_counts_as_set_and_not_empty() -> None:
    assert value("${TOKEN:-default}").parts == (Secret("TOKEN"),)
    assert value("${TOKEN:+set}").parts == ("set",)


def test_a_secret_in_a_default() -> None:
    assert value("${NOWHERE:-x${TOKEN}}").parts == ("x", Secret("TOKEN"))


def test_a_secret_wins_over_a_variable() -> None:
    settings = Settings(variables={"BOTH": "open"}, secrets=frozenset({"BOTH"}))
    made = plan(services("a: {kind: other, image: x, env: {B: '${BOTH}'}}"), settings=settings)
    assert made.container("a").env == (("B", Value((Secret("BOTH"),))),)


def test_nobody_can_set_what_is_galley_s_own() -> None:
    settings = Settings(variables={"GALLEY_PREVIEW": "other"}, secrets=frozenset({"GALLEY_BRANCH"}))
    text = "a: {kind: other, image: x, env: {IT: '${GALLEY_PREVIEW} ${GALLEY_BRANCH}'}}"
    made = plan(services(text), settings=settings)
    assert str(dict(made.container("a").env)["IT"]) == "main-shop main"


def test_the_machine_s_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ON_THE_MACHINE", "1")
    assert problem("${ON_THE_MACHINE}")[0] == "${ON_THE_MACHINE} is not set"


def test_not_set() -> None:
    rule, remedy = problem("${NOWHERE}")
    assert rule == "${NOWHERE} is not set"
    assert remedy == (
        "set it with `galley var set NOWHERE VALUE` or `galley secret set NOWHERE`, "
        "or write $$ for a dollar sign"
    )


def test_required_with_a_message() -> None:
    assert problem("${NOWHERE:?ask Ann}")[0] == "${NOWHERE} is required: ask Ann"


def test_required_and_empty() -> None:
    assert problem("${EMPTY:?ask Ann}")[0] == "${EMPTY} is required: ask Ann"


def test_a_service_without_a_public_host() -> None:
    rule, remedy = problem("${GALLEY_PREVIEW_HOST_db}")
    assert rule == "${GALLEY_PREVIEW_HOST_db} is not set"
    assert remedy == (
        "only a web or api has a public host; there is GALLEY_PREVIEW_HOST_my_api, GALLEY_PREVIEW_HOST_web"
    )


def test_no_service_has_a_public_host() -> None:
    with pytest.raises(InputError) as raised:
        plan(services("db: {kind: database, image: x, env: {IT: '${GALLEY_PREVIEW_URL_db}'}}"))
    assert "there is none in this manifest" in str(raised.value)


def test_the_number_of_a_branch_s_preview() -> None:
    assert (
        problem("${GALLEY_PR}")[1] == "this preview is a branch's: write ${GALLEY_PR:-} where that may be so"
    )


def test_the_branch_of_a_pull_request_s_preview() -> None:
    asked = problem("${GALLEY_BRANCH}", Identity("shop", pull_request=7))
    assert asked[1] == "this preview is a pull request's: write ${GALLEY_BRANCH:-} where that may be so"


def test_a_name_of_galley_s_own_that_does_not_exist() -> None:
    """`galley var set` would refuse it, so that is no remedy."""
    remedy = problem("${GALLEY_HOST}")[1]
    assert remedy.startswith("there are GALLEY_BRANCH, GALLEY_PREVIEW, GALLEY_PREVIEW_HOST_my_api,")


def test_all_at_once_each_with_its_line() -> None:
    text = """\
    a:
      kind: other
      image: x:${TAG}
      env:
        ONE: ${ONE} ${TWO:?say why}
        OK: ${OK:-fine}
    b:
      kind: worker
      build:
        path: ./
        args:
          ARG: ${THREE}
    """
    with pytest.raises(InputError) as raised:
        plan(services(text))
    assert [(p.line, p.path, p.rule) for p in raised.value.problems] == [
        (5, "services.a.image", "${TAG} is not set"),
        (7, "services.a.env.ONE", "${ONE} is not set"),
        (7, "services.a.env.ONE", "${TWO} is required: say why"),
        (14, "services.b.build.args.ARG", "${THREE} is not set"),
    ]


@pytest.mark.parametrize(
    ("text", "path", "why"),
    [
        (
            "a: {kind: other, image: 'x:${TOKEN}'}",
            "services.a.image",
            "an image is named before anything runs",
        ),
        (
            "a: {kind: worker, build: {path: ./, args: {T: '${TOKEN}'}}}",
            "services.a.build.args.T",
            "a build argument stays readable in the image's history",
        ),
    ],
)
def test_a_secret_is_refused_where_it_could_be_read(text: str, path: str, why: str) -> None:
    with pytest.raises(InputError) as raised:
        plan(services(text), settings=SETTINGS)
    (only,) = raised.value.problems
    assert (only.path, only.rule) == (path, f"a secret cannot stand here: {why}")


def test_an_unknown_port_is_refused_where_it_would_have_to_be_known() -> None:
    text = "web: {kind: web, expose: 80, build: {path: ./, args: {U: '${GALLEY_PREVIEW_URL_web}'}}}"
    with pytest.raises(InputError, match="the router's port is not known here"):
        plan(services(text))
    assert plan(services(text), address=EDGE).built_images[0].args == (
        ("U", "https://main-shop.preview.example"),
    )
