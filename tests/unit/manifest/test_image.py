from __future__ import annotations

import pytest

from tests.unit.manifest.support import notices, problem, service

IMAGE = "postgres:16-alpine"


@pytest.mark.parametrize(
    "name",
    [
        "postgres",
        "postgres:16",
        "team/app:v1.2",
        "registry.example/team/app",
        "registry.example:5000/a/b/c:x",
        "localhost:5000/app@sha256:" + "a" * 64,
        "a__b/c-d.e",
    ],
)
def test_names(name: str) -> None:
    assert str(service("db", IMAGE, name).image) == name


@pytest.mark.parametrize(
    "name", ["Postgres", "a b", "app:", "app:-x", "app@sha256:12", "-a", "https://x/y", "a//b", "/a"]
)
def test_bad_names(name: str) -> None:
    assert problem(IMAGE, f'"{name}"') == (
        f"galley.yaml:18:12: services.db.image: `{name}` is no image name\n"
        "    write `name:tag` or `registry/namespace/name:tag`"
    )


def test_interpolated() -> None:
    image = service("db", IMAGE, "postgres:${TAG:-16}").image
    assert image is not None
    assert image.variables() == ("TAG",)


def test_data_folder_is_known_by_the_name() -> None:
    assert service("db").data == "/var/lib/postgresql/data"
    assert service("db", IMAGE, "team/unknown").data is None
    assert service("db", IMAGE, "memcached").data is None
    assert service("db", "kind: database", "kind: worker").data is None
    assert service("db", "kind: database", "kind: other").data == "/var/lib/postgresql/data"


def test_data_folder_of_a_templated_tag() -> None:
    assert service("db", IMAGE, "postgres:${TAG:-16}").data == "/var/lib/postgresql/data"
    assert service("db", IMAGE, "postgres:${TAG:-18}").data == "/var/lib/postgresql"


def test_ephemeral() -> None:
    assert service("db").ephemeral
    assert not service("db", "ephemeral: true", "ephemeral: false").ephemeral
    assert not service("db", "    ephemeral: true\n", "").ephemeral
    assert service("db", "ephemeral: true", "ephemeral: yes").ephemeral


@pytest.mark.parametrize("written", ["1", "maybe", '""'])
def test_ephemeral_is_a_boolean(written: str) -> None:
    shown = written.strip('"')
    assert problem("ephemeral: true", f"ephemeral: {written}") == (
        f"galley.yaml:19:16: services.db.ephemeral: must be true or false, not `{shown}`\n"
        "    write `true` or `false`"
    )


def test_ephemeral_has_no_effect_without_data() -> None:
    assert notices("restart: always", "ephemeral: true") == [
        "galley.yaml:9:16: services.api.ephemeral: `ephemeral` has no effect: a service of kind `api` "
        "keeps no data\n    remove it"
    ]
    assert not service("api", "restart: always", "ephemeral: true").ephemeral
    assert notices("restart: always", "ephemeral: false") == []
