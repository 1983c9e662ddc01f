from __future__ import annotations

import pytest

from tests.unit.manifest.compose.support import problems, read

BASE = "services:\n  base:\n    build: .\n    environment: {A: 1, B: 1}\n    ports: [80]\n"


def test_extends_of_the_same_file() -> None:
    own = "{extends: base, environment: [B=2, C=3], build: {target: x}, ports: [81]}"
    text = f"{BASE}  own: {own}\n"
    parsed = read(text)
    found = parsed.manifest.services["own"]
    assert {name: str(value) for name, value in found.env.items()} == {"A": "1", "B": "2", "C": "3"}
    assert found.build is not None
    assert (found.build.path, found.build.target) == (".", "x")
    assert found.expose == 80
    assert [str(notice) for notice in parsed.notices] == [
        "compose.yaml:6:77: services.own.ports.1: port 81 is not carried over: a service exposes one port\n"
        "    80 is exposed; siblings reach 81 all the same"
    ]


def test_commands_are_replaced_not_appended() -> None:
    text = "services: {a: {image: x, command: [a, b]}, b: {extends: {service: a}, command: [c]}}"
    assert read(text).manifest.services["b"].start == "c"


def test_extends_of_another_file_with_its_paths() -> None:
    files = {
        "common/base.yaml": "services: {app: {extends: root, env_file: x.env}, root: {build: ../src}}",
        "common/x.env": "A=1",
    }
    found = read(
        "services: {own: {extends: {file: common/base.yaml, service: app}}}", files
    ).manifest.services["own"]
    assert found.build is not None
    assert found.build.path == "src"
    assert [str(value) for value in found.env.values()] == ["1"]


def test_what_comes_from_another_file_is_shown_where_that_is_named() -> None:
    files = {"b.yaml": "services:\n\n\n  app: {image: x, privileged: true}"}
    (notice,) = read("services:\n  own:\n    extends: {file: b.yaml, service: app}\n", files).notices
    assert str(notice).startswith(
        "compose.yaml:3:5: services.own.privileged: `privileged` is not carried over"
    )


@pytest.mark.parametrize(
    ("extends", "rule"),
    [
        ("nowhere", "there is no service `nowhere` to extend"),
        ("{service: nowhere}", "there is no service `nowhere` to extend"),
        ("{file: b.yaml}", "`service` is missing"),
        ("{file: none.yaml, service: x}", "there is no file `none.yaml`"),
        ("{file: /etc/x.yaml, service: x}", "is absolute"),
        ("{file: empty.yaml, service: x}", "`empty.yaml` has no services"),
        ("{file: bad.yaml, service: x}", "is not valid YAML"),
        ("{file: b.yaml, service: [x]}", "must be one value"),
        ("own", "`own` extends itself in the end"),
        ("{file: loop.yaml, service: x}", "extends itself in the end"),
    ],
)
def test_wrong_extends(extends: str, rule: str) -> None:
    files = {
        "b.yaml": "services: {x: {image: x}}",
        "empty.yaml": "version: '3'",
        "bad.yaml": "a: b: c",
        "loop.yaml": "services: {x: {extends: {file: loop.yaml, service: x}}}",
    }
    found = problems(f"services: {{own: {{image: y, extends: {extends}}}}}", files)
    assert rule in "\n".join(found)


def test_services_of_the_same_name_in_two_files_are_no_cycle() -> None:
    files = {"b.yaml": "services: {x: {extends: base}, base: {image: 'redis:7'}}"}
    text = "services: {own: {extends: base}, base: {extends: {file: b.yaml, service: x}}}"
    assert str(read(text, files).manifest.services["own"].image) == "redis:7"


def test_include() -> None:
    files = {
        "infra/compose.yaml": "include: [more.yaml]\nservices: {db: {image: postgres, env_file: db.env}}",
        "infra/more.yaml": "services: {cache: {image: 'redis:7'}}",
        "infra/db.env": "A=1",
    }
    text = "include: [infra/compose.yaml]\nservices: {web: {build: ., ports: [80], depends_on: [db, cache]}}"
    services = read(text, files).manifest.services
    assert sorted(services) == ["cache", "db", "web"]
    assert list(services["db"].env) == ["A"]


def test_include_alone() -> None:
    assert list(read("include: [a.yaml]", {"a.yaml": "services: {x: {image: y}}"}).manifest.services) == ["x"]


def test_include_in_the_long_form() -> None:
    assert list(
        read("include: [{path: a.yaml}]", {"a.yaml": "services: {x: {image: y}}"}).manifest.services
    ) == ["x"]


@pytest.mark.parametrize(
    ("include", "rule"),
    [
        ("[none.yaml]", "there is no file `none.yaml`"),
        ("[{path: [a.yaml, b.yaml]}]", "`include` takes one path"),
        ("[{path: a.yaml, env_file: x}]", "`include` with `env_file` is not understood"),
        ("[a.yaml]", "`web` comes from an included file as well"),
        ("[c.yaml, d.yaml]", "`x` is in another included file as well"),
        ("[loop.yaml]", "a cycle: loop.yaml → loop.yaml"),
        ("[https://example.com/compose.yaml]", "is remote"),
        ("x.yaml", "must be a list"),
    ],
)
def test_wrong_include(include: str, rule: str) -> None:
    files = {
        "a.yaml": "services: {web: {image: y}}",
        "c.yaml": "services: {x: {image: y}}",
        "d.yaml": "services: {x: {image: y}}",
        "loop.yaml": "include: [loop.yaml]\nservices: {l: {image: y}}",
    }
    assert rule in "\n".join(problems(f"include: {include}\nservices: {{web: {{image: x}}}}", files))


def test_number_of_files_is_bounded() -> None:
    files = {f"f{i}.yaml": f"include: [f{i + 1}.yaml]\nservices: {{s{i}: {{image: x}}}}" for i in range(100)}
    assert any("more than 50 files" in text for text in problems("include: [f0.yaml]", files))


def test_number_of_extends_is_bounded() -> None:
    chain = "".join(f"  s{i}: {{extends: s{i + 1}}}\n" for i in range(90))
    assert any(
        "extends itself in the end" in text for text in problems(f"services:\n{chain}  s90: {{image: x}}\n")
    )
