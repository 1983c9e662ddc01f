"""Every example's galley.yaml says what its example is there to show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from galley_iac.manifest import Parsed, parse
from galley_iac.manifest.models import Build, Service
from tests.examples.folders import EXAMPLES, files, named

MANIFESTS = files("galley*.yaml")


def read(path: str) -> Parsed:
    """The manifest in the file `path` below examples/."""
    return parse((EXAMPLES / path).read_text(encoding="utf-8"), path)


@pytest.mark.parametrize("path", MANIFESTS, ids=named)
def test_it_is_read_without_a_problem_or_a_notice(path: Path) -> None:
    assert read(named(path)).notices == ()


@pytest.mark.parametrize("path", MANIFESTS, ids=named)
def test_an_editor_finds_the_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    schema = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / schema).resolve() == EXAMPLES.parent / "galley.schema.json"


def test_python_api_worker_and_job_are_one_build_with_three_commands() -> None:
    services = read("python/galley.yaml").manifest.services
    api, worker, migrate = services["api"], services["worker"], services["migrate"]
    assert api.build == worker.build == migrate.build
    assert (api.start, worker.start, migrate.start) == (
        None,
        "celery -A app.tasks worker -l info",
        "alembic upgrade head",
    )


def test_python_everything_that_uses_the_tables_waits_for_the_migrations() -> None:
    services = read("python/galley.yaml").manifest.services
    assert services["migrate"].is_job
    assert services["migrate"].depends_on == ("postgres",)
    assert [name for name, service in services.items() if "migrate" in service.depends_on] == [
        "api",
        "worker",
    ]


def test_python_the_second_manifest_differs_only_in_who_migrates() -> None:
    first = dict(read("python/galley.yaml").manifest.services)
    second = read("python/galley.migrate-on-start.yaml").manifest.services
    del first["migrate"]
    changed = {"api": {"start", "depends_on"}, "worker": {"depends_on"}, "postgres": set(), "cache": set()}
    assert {name: differences(first[name], second[name]) for name in first} == changed
    assert first.keys() == second.keys()
    start = second["api"].start or ""
    migration, server = start.split(" && ")
    assert migration == "alembic upgrade head"
    assert server.split() == default_command("python/Dockerfile")


def differences(one: Service, other: Service) -> set[str]:
    """The names of the fields in which two services are not the same."""
    return {field for field in Service.model_fields if getattr(one, field) != getattr(other, field)}


def default_command(dockerfile: str) -> list[str]:
    """The last CMD of a Dockerfile."""
    lines = (EXAMPLES / dockerfile).read_text(encoding="utf-8").splitlines()
    command: list[str] = json.loads(
        [line for line in lines if line.startswith("CMD ")][-1].removeprefix("CMD ")
    )
    return command


def test_flask_has_no_dockerfile_and_says_nothing_but_its_path() -> None:
    web = read("flask/galley.yaml").manifest.services["web"]
    assert web.build == Build(path=".")
    assert web.start is None
    assert not (EXAMPLES / "flask/Dockerfile").exists()


def test_polyglot_has_every_kind_but_a_queue() -> None:
    services = read("polyglot/galley.yaml").manifest.services
    assert {name: service.kind.value for name, service in services.items()} == {
        "web": "web",
        "api": "api",
        "worker": "worker",
        "postgres": "database",
        "cache": "cache",
        "objstore": "other",
    }


def test_polyglot_the_browser_gets_the_address_that_is_right_everywhere() -> None:
    web = read("polyglot/galley.yaml").manifest.services["web"]
    assert str(web.env["NEXT_PUBLIC_API_URL"]) == "${GALLEY_PREVIEW_URL_api}"


def test_polyglot_the_store_and_who_uses_it_have_the_same_keys() -> None:
    services = read("polyglot/galley.yaml").manifest.services
    store = services["objstore"].env
    for name in ("api", "worker"):
        assert services[name].env["S3_ACCESS_KEY"] == store["ROOT_ACCESS_KEY_ID"], name
        assert services[name].env["S3_SECRET_KEY"] == store["ROOT_SECRET_ACCESS_KEY"], name


def test_static_is_one_web_and_nothing_else() -> None:
    (service,) = read("static/galley.yaml").manifest.services.values()
    assert (service.kind.value, service.depends_on) == ("web", ())
