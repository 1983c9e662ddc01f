"""Which registries there are credentials for."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from galley_iac.engine.registries import FOLDER, VARIABLE, Login, access, environment, folder, logins
from galley_iac.errors import UsageError
from galley_iac.plan.registries import HUB, HUB_LOGIN

AUTH = {"auth": base64.b64encode(b"bob:pw").decode()}
TEAM = {"registry.test": Login("bob", "pw")}


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {FOLDER: str(tmp_path)}


def write(environ: dict[str, str], document: object) -> None:
    (Path(environ[FOLDER]) / "config.json").write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("config", "hosts"),
    [
        ({}, set()),
        ({"auths": {"a.test": AUTH, "https://b.test/v2/": AUTH}}, {"a.test", "b.test"}),
        ({"auths": {HUB_LOGIN: AUTH}}, {HUB}),
        ({"auths": {"a.test": {}}}, set()),
        ({"auths": {"a.test": {}}, "credsStore": "desktop"}, {"a.test"}),
        ({"credHelpers": {"c.test": "gcloud"}}, {"c.test"}),
        ({"auths": {"a.test": {**AUTH, "identitytoken": "t"}}}, set()),
        ({"auths": None}, set()),
    ],
)
def test_the_docker_login(environ: dict[str, str], config: object, hosts: set[str]) -> None:
    write(environ, config)
    assert access({}, environ).by_file == hosts


def test_without_a_file_there_is_no_login(environ: dict[str, str]) -> None:
    assert access({}, environ).by_file == set()


def test_a_broken_file_is_named(environ: dict[str, str]) -> None:
    (Path(environ[FOLDER]) / "config.json").write_text("{")
    with pytest.raises(UsageError, match=r"config\.json cannot be read"):
        access({}, environ)


def test_the_folder_is_below_home_by_default(tmp_path: Path) -> None:
    assert folder({"HOME": str(tmp_path)}) == tmp_path / ".docker"


def test_the_variable_counts_too(environ: dict[str, str]) -> None:
    environ[VARIABLE] = json.dumps({"auths": {"v.test": AUTH}})
    assert access({}, environ).by_variable == {"v.test"}
    environ[VARIABLE] = "{"
    with pytest.raises(UsageError, match=VARIABLE):
        access({}, environ)


def test_an_outsider_has_only_what_is_open_to_outsiders(environ: dict[str, str], tmp_path: Path) -> None:
    write(environ, {"auths": {"a.test": AUTH}})
    environ[VARIABLE] = json.dumps({"auths": {"v.test": AUTH}})
    configured = {**TEAM, "open.test": Login("eve", "pw", untrusted=True)}
    found = access(configured, environ, untrusted=True)
    assert (set(found.configured), found.by_file, found.by_variable) == ({"open.test"}, set(), set())
    given = environment(found, environ, tmp_path / "empty")
    assert given[FOLDER] == str(tmp_path / "empty")
    assert set(json.loads(given[VARIABLE])["auths"]) == {"open.test"}


def test_a_build_finds_the_configured_logins_beside_the_users_own(
    environ: dict[str, str], tmp_path: Path
) -> None:
    write(environ, {"auths": {"a.test": AUTH}})
    environ[VARIABLE] = json.dumps({"auths": {"v.test": AUTH}})
    configured = {**TEAM, HUB: Login("bob", "pw")}
    given = environment(access(configured, environ), environ, tmp_path / "empty")
    assert given[FOLDER] == environ[FOLDER]
    expected = {"registry.test": AUTH, "v.test": AUTH, HUB_LOGIN: AUTH}
    assert json.loads(given[VARIABLE]) == {"auths": expected}


def test_where_there_is_no_configuration_an_empty_one_takes_its_place(
    environ: dict[str, str], tmp_path: Path
) -> None:
    given = environment(access({}, environ), environ, tmp_path / "empty")
    assert given[FOLDER] == str(tmp_path / "empty")
    assert (tmp_path / "empty" / "config.json").read_text() == "{}\n"
    assert given[VARIABLE] == given["DOCKER_REGISTRY_USER"] == given["DOCKER_REGISTRY_PASS"] == ""


def test_logins_as_the_configuration_keeps_them() -> None:
    stored = {
        "a.test:5000": {"username": "bob", "password": '"0755"'},
        "b.test": {"username": "eve", "password": "pw", "untrusted": "true"},
        "half.test": {"username": "no password yet"},
    }
    assert logins(stored) == {
        "a.test:5000": Login("bob", "0755"),
        "b.test": Login("eve", "pw", untrusted=True),
    }


def test_a_password_is_not_in_its_representation() -> None:
    assert "pw" not in repr(TEAM)
