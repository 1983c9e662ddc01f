"""One image per distinct build, named by its content."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from galley_iac.errors import InputError
from galley_iac.plan.identity import Identity
from galley_iac.plan.model import BuiltImage, PulledImage
from galley_iac.plan.settings import Settings
from tests.unit.plan.support import MAIN, digest, plan, services

TWO = "a: {kind: worker, build: %s}\nb: {kind: worker, build: %s}\n"


def tags(text: str, digests: dict[str, str] | None = None) -> list[str]:
    return [image.tag for image in plan(services(text), digests=digests).built_images]


def tag(build: str, digests: dict[str, str] | None = None) -> str:
    (only,) = tags(f"a: {{kind: worker, build: {build}}}", digests)
    return only


def test_the_tag_has_the_project_and_the_content() -> None:
    assert re.fullmatch("galley-shop:[0-9a-f]{16}", tag("{path: ./}"))


def test_the_same_build_is_one_image() -> None:
    made = plan(services(TWO % ("{path: ./app, start: run a}", "{path: app/, start: run b}")))
    (image,) = made.built_images
    assert image == BuiltImage("a", image.tag, "app", "Dockerfile")
    assert made.container("a").image is made.container("b").image
    assert made.container("a").command != made.container("b").command


@pytest.mark.parametrize(
    "other",
    [
        "{path: ./other}",
        "{path: ./, dockerfile: Dockerfile.dev}",
        "{path: ./, target: test}",
        "{path: ./, args: {A: '1'}}",
    ],
)
def test_another_build_is_another_image(other: str) -> None:
    assert len(set(tags(TWO % ("{path: ./}", other)))) == 2


def test_arguments_distinguish_by_name_and_value() -> None:
    args = ("{A: '1'}", "{A: '2'}", "{B: '1'}", "{A: '1', B: '1'}", "{A: '1B'}")
    assert len({tag(f"{{path: ./, args: {one}}}") for one in args}) == len(args)


def test_arguments_in_another_order_are_the_same() -> None:
    one, other = ("{path: ./, args: {A: '1', B: '2'}}", "{path: ./, args: {B: '2', A: '1'}}")
    assert tag(one) == tag(other)


def test_the_default_dockerfile_may_be_written_out() -> None:
    assert tag("{path: ./}") == tag("{path: ./, dockerfile: Dockerfile}")


def test_other_content_is_another_image() -> None:
    assert tag("{path: ./}", {".": digest("one")}) != tag("{path: ./}", {".": digest("two")})


def test_the_same_content_in_two_folders_is_one_image() -> None:
    same = {"one": digest("same"), "two": digest("same")}
    assert len(tags(TWO % ("{path: ./one}", "{path: ./two}"), same)) == 1


def test_branches_share_an_image() -> None:
    manifest = services("a: {kind: worker, build: {path: ./}}")
    one = plan(manifest, Identity("shop", branch="one")).built_images
    assert one == plan(manifest, Identity("shop", pull_request=2)).built_images


def test_a_preview_s_host_in_an_argument_makes_the_image_its_own() -> None:
    text = "web: {kind: web, expose: 80, build: {path: ./, args: {HOST: '${GALLEY_PREVIEW_HOST_web}'}}}"
    one, two = (
        plan(services(text), Identity("shop", branch=name)).built_images[0] for name in ("one", "two")
    )
    assert one.args == (("HOST", "one-shop.localhost"),)
    assert one.tag != two.tag


def test_the_order_in_the_manifest_does_not_matter() -> None:
    lines = ["a: {kind: worker, build: {path: ./a}}", "b: {kind: worker, build: {path: ./b}}"]
    assert tags("\n".join(lines)) == tags("\n".join(reversed(lines)))


@pytest.mark.parametrize("project", ["My Shop", "shop_2", "日本", "x" * 200])
def test_a_project_of_any_name_makes_a_repository_s(project: str) -> None:
    (image,) = plan(
        services("a: {kind: worker, build: {path: ./}}"), Identity(project, branch="main")
    ).built_images
    repository, _, made = image.tag.partition(":")
    assert re.fullmatch("galley-[a-z0-9]+(-[a-z0-9]+)*", repository)
    assert len(repository) < 80
    assert re.fullmatch("[0-9a-f]{16}", made)


def test_a_pulled_image_keeps_its_name() -> None:
    made = plan(
        services("db: {kind: database, image: 'registry:5000/team/postgres:16@sha256:%s'}" % ("0" * 64))
    )
    assert made.container("db").image == PulledImage("registry:5000/team/postgres:16@sha256:" + "0" * 64)
    assert made.built_images == ()


@pytest.mark.parametrize("reference", ["", "Not An Image", "x:y:z", "https://x/y"])
def test_what_a_variable_makes_of_an_image_s_name_is_checked_too(reference: str) -> None:
    manifest = services("a: {kind: other, image: '${IMAGE}'}")
    with pytest.raises(InputError) as raised:
        plan(manifest, settings=Settings(variables={"IMAGE": reference}))
    (only,) = raised.value.problems
    assert (only.path, only.line) == ("services.a.image", 3)
    assert only.rule == f"`{reference}` is no image name"


NPM = Settings(secrets=frozenset({"NPM", "OTHER"}))


def mounting(names: str, settings: Settings = NPM, identity: Identity = MAIN) -> BuiltImage:
    (image,) = plan(
        services(f"a: {{kind: worker, build: {{path: ./, secrets: [{names}]}}}}"), identity, settings=settings
    ).built_images
    return image


def test_the_names_of_secrets_count_and_their_order_does_not() -> None:
    assert mounting("NPM").secrets == ("NPM",)
    assert mounting("NPM, OTHER").tag == mounting("OTHER, NPM, NPM").tag
    assert len({mounting(names).tag for names in ("", "NPM", "OTHER", "NPM, OTHER")}) == 4


def test_a_build_without_secrets_has_the_tag_that_it_always_had() -> None:
    assert mounting("").tag == tag("{path: ./}")


def test_an_outsider_s_build_with_secrets_is_nobody_else_s() -> None:
    outsiders = replace(NPM, untrusted=True)
    one, two = (Identity("shop", pull_request=number) for number in (1, 2))
    made = [mounting("NPM", outsiders, one), mounting("NPM", outsiders, two), mounting("NPM", NPM, one)]
    assert len({image.tag for image in made}) == 3
    assert [bool(image.apart) for image in made] == [True, True, False]
    assert mounting("", outsiders).tag == mounting("").tag, "without secrets the content is all that counts"


def test_a_secret_that_is_not_set_is_named_with_its_line() -> None:
    with pytest.raises(InputError) as raised:
        mounting("NPM, MISSING")
    (only,) = raised.value.problems
    assert (only.path, only.line) == ("services.a.build.secrets.1", 3)
    assert only.remedy == "set it with `galley secret set MISSING`"
