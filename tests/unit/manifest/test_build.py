from __future__ import annotations

import pytest

from galley_iac.manifest.template import Template
from tests.unit.manifest.support import changed, problem, problems, service

PATH = "{path: ./api}"


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("./", "."),
        (".", "."),
        ("./api/", "api"),
        ("api", "api"),
        ("a/../b", "b"),
        ("../up", "../up"),
        ('"a b"', "a b"),
    ],
)
def test_path_is_normalised(written: str, path: str) -> None:
    build = service("api", PATH, f"{{path: {written}}}").build
    assert build is not None
    assert build.path == path


def test_short_form() -> None:
    assert service("api", PATH, "./api") == service("api")


@pytest.mark.parametrize(
    ("written", "rule", "remedy"),
    [
        ('""', "is empty", "write a path relative to this file, such as `./`"),
        ("a" * 256, "is too long", "write a path of at most 255 characters"),
        ("/srv", "is absolute", "write a path relative to this file, such as `./api`"),
        ("~/api", "is absolute", "write a path relative to this file, such as `./api`"),
        ('"C:/api"', "is absolute", "write a path relative to this file, such as `./api`"),
        ("api\\src", "contains a backslash", "separate folders with `/`"),
        ('"a\\nb"', "contains a control character", "write a path of printable characters"),
        (
            "https://example.com/a.git",
            "is remote",
            "write a folder of this repository; a preview is built from its branch",
        ),
        (
            '"git@host:a/b"',
            "is remote",
            "write a folder of this repository; a preview is built from its branch",
        ),
    ],
)
def test_bad_paths(written: str, rule: str, remedy: str) -> None:
    assert problem(PATH, f"{{path: {written}}}") == (
        f"galley.yaml:5:19: services.api.build.path: {rule}\n    {remedy}"
    )


def test_bad_path_in_the_short_form_is_placed_at_build() -> None:
    assert problem(PATH, "/srv").startswith("galley.yaml:5:12: services.api.build.path: is absolute")


@pytest.mark.parametrize("written", ["{}", "{target: run}"])
def test_path_is_required(written: str) -> None:
    assert problem(PATH, written) == (
        "galley.yaml:5:5: services.api.build: `path` is missing\n    write `path: ./`, the folder to build"
    )


def test_dockerfile_target_and_arguments() -> None:
    written = (
        "{path: ., dockerfile: ./docker/x.Dockerfile, target: run, args: {A: 1.10, B: true, C: '${X:-y}'}}"
    )
    build = service("api", PATH, written).build
    assert build is not None
    assert (build.dockerfile, build.target) == ("docker/x.Dockerfile", "run")
    assert {name: str(value) for name, value in build.args.items()} == {
        "A": "1.10",
        "B": "true",
        "C": "${X:-y}",
    }


def test_argument_name() -> None:
    assert problem(PATH, "{path: ., args: {a-b: 1}}") == (
        "galley.yaml:5:29: services.api.build.args.a-b: `a-b` is no name of a build argument\n"
        "    use letters, digits and `_`, with no digit first"
    )


def test_argument_without_a_value() -> None:
    assert problem(PATH, "{path: ., args: {A: }}") == (
        "galley.yaml:5:29: services.api.build.args.A: has no value\n"
        '    write a value, or `""` for an empty one, or remove the key'
    )


def test_arguments_may_be_empty() -> None:
    build = service("api", PATH, "{path: ., args: }").build
    assert build is not None
    assert build.args == {}


@pytest.mark.parametrize("written", ["a b", '"-x"', "$STAGE"])
def test_bad_stage(written: str) -> None:
    assert problem(PATH, f"{{path: ., target: {written}}}") == (
        f"galley.yaml:5:30: services.api.build.target: `{written.strip(chr(34))}` is no name of a stage\n"
        "    write the name after `AS` in the Dockerfile"
    )


def test_command() -> None:
    build = service("api", PATH, "{path: ., command: npm run build && npm prune}").build
    assert build is not None
    assert build.command == "npm run build && npm prune"


@pytest.mark.parametrize("other", ["dockerfile: Dockerfile", "target: run"])
def test_command_is_for_builds_without_a_dockerfile(other: str) -> None:
    assert problem(PATH, f"{{command: make, path: ., {other}}}") == (
        "galley.yaml:5:22: services.api.build.command: `command` is for builds without a Dockerfile\n"
        "    write it as a `RUN` line of the Dockerfile"
    )


def test_build_wins_over_image() -> None:
    found = service("api", f"build: {PATH}", f"build: {PATH}\n    image: team/api")
    assert found.image is None
    assert found == service("api")


def test_image_without_build() -> None:
    found = service("worker", "build: {path: ./api, start: run-worker}", "image: team/worker")
    assert found.build is None
    assert found.image == Template.literal("team/worker")


def test_one_of_both_is_required() -> None:
    assert problems(changed(f"    build: {PATH}\n", "")) == [
        "galley.yaml:3:3: services.api: neither `build` nor `image`\n"
        "    write `build: {path: ./}` for a folder of the repository, or `image: name:tag`"
    ]


def test_not_a_mapping() -> None:
    assert problem(PATH, "[./api]") == (
        "galley.yaml:5:5: services.api.build: must be a mapping\n    write keys with values below `build`"
    )


def test_secrets() -> None:
    build = service("api", PATH, "{path: ., secrets: [NPM_TOKEN, OTHER]}").build
    assert build is not None
    assert build.secrets == ("NPM_TOKEN", "OTHER")


@pytest.mark.parametrize("written", ["1x", "a-b", "GALLEY_X", '""', '"a b"'])
def test_bad_secret(written: str) -> None:
    assert problem(PATH, f"{{path: ., secrets: [{written}]}}") == (
        f"galley.yaml:5:32: services.api.build.secrets.0: `{written.strip(chr(34))}` is no name of a secret\n"
        "    use letters, digits and `_`, with no digit and no `GALLEY_` first"
    )


def test_secrets_may_be_empty() -> None:
    build = service("api", PATH, "{path: ., secrets: }").build
    assert build is not None
    assert build.secrets == ()


def test_secrets_are_names_alone() -> None:
    assert "must be a list" in problem(PATH, "{path: ., secrets: {A: b}}")
