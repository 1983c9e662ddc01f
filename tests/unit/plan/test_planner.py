"""A whole plan: every field of a service arrives where it belongs."""

from __future__ import annotations

import random

import pytest

from galley_iac.errors import InputError
from galley_iac.manifest import parse
from galley_iac.manifest.models import Kind, Restart
from galley_iac.plan.identity import Identity
from galley_iac.plan.model import MIB, Limits, Plan, Volume
from galley_iac.plan.settings import Settings
from tests.unit.plan.support import MAIN, SECRETS, STACK, container, plan, services, whole_plan


def test_containers_are_in_start_order() -> None:
    assert [c.service for c in whole_plan().containers] == ["db", "migrate", "api", "web"]


def test_dependencies_are_sorted() -> None:
    assert whole_plan().container("api").depends_on == ("db", "migrate")


def test_kinds_and_ports() -> None:
    api = whole_plan().container("api")
    assert (api.kind, api.expose, api.is_job) == (Kind.API, 8000, False)
    assert whole_plan().container("migrate").is_job


def test_env_is_sorted_by_name() -> None:
    assert [name for name, _ in whole_plan().container("api").env] == ["LEVEL", "TOKEN", "URL"]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("celery -A app.tasks worker -l info", ("celery", "-A", "app.tasks", "worker", "-l", "info")),
        ("alembic upgrade head && run", ("/bin/sh", "-c", "alembic upgrade head && run")),
        ("run 'a b'", ("run", "a b")),
    ],
)
def test_start(start: str, expected: tuple[str, ...]) -> None:
    assert container(f'a: {{kind: worker, build: {{path: ./, start: "{start}"}}}}', "a").command == expected
    assert container(f'a: {{kind: worker, image: x, start: "{start}"}}', "a").command == expected


def test_without_start_the_image_s_own_command_runs() -> None:
    assert whole_plan().container("api").command is None
    assert whole_plan().container("api").entrypoint is None


@pytest.mark.parametrize("restart", list(Restart))
def test_restart(restart: Restart) -> None:
    assert container(f"a: {{kind: other, image: x, restart: {restart}}}", "a").restart is restart


def test_restart_s_default() -> None:
    assert container("a: {kind: other, image: x}", "a").restart is Restart.UNLESS_STOPPED


def test_limits() -> None:
    assert whole_plan().container("api").limits == Limits(0.5, 256 * MIB)
    assert whole_plan().container("db").limits == Limits(1.0, 1024 * MIB)


def test_a_project_s_own_limits() -> None:
    made = plan(
        services("a: {kind: other, image: x, resources: {cpus: '2'}}"),
        settings=Settings(limits=Limits(0.25, 64 * MIB)),
    )
    assert made.container("a").limits == Limits(2.0, 64 * MIB)


def test_data_is_kept_in_a_volume_of_the_preview_s() -> None:
    db = whole_plan().container("db")
    assert db.volume == Volume("main-shop.db", "/var/lib/postgresql/data")
    assert db.ephemeral
    assert whole_plan().container("api").volume is None


def test_two_previews_never_share_a_volume() -> None:
    manifest = services("db: {kind: database, image: postgres:16}")
    names = {plan(manifest, Identity("shop", branch=b)).container("db").volume for b in ("a", "b", "a.b")}
    assert len(names) == 3


def test_labels_are_the_preview_s_alone() -> None:
    made = whole_plan()
    assert made.labels == {
        "galley.project": "shop",
        "galley.preview": "main-shop",
        "galley.identity": MAIN.digest(),
    }


def test_router_is_a_name_of_ours() -> None:
    with pytest.raises(InputError) as raised:
        plan(services("router: {kind: other, image: x}"))
    (only,) = raised.value.problems
    assert (only.line, only.path) == (3, "services.router")
    assert only.rule == "`router` is the name of the preview's own router"


def test_a_reserved_name_is_told_together_with_all_else() -> None:
    with pytest.raises(InputError) as raised:
        plan(services("router: {kind: other, image: x, env: {A: '${NOWHERE}'}}"))
    assert len(raised.value.problems) == 2


def test_settings_choose_the_helpers_images() -> None:
    settings = Settings(
        router_image="acme/caddy:1", probe_image="acme/python:1", router_limits=Limits(1, MIB)
    )
    made = plan(services("web: {kind: web, image: x, expose: 80}"), settings=settings)
    assert made.router is not None
    assert made.router.image.reference == "acme/caddy:1"
    assert made.probe_image.reference == "acme/python:1"
    assert made.router_limits == Limits(1, MIB)


def test_whether_anything_is_asked() -> None:
    assert whole_plan().probed
    assert not plan(services("a: {kind: worker, image: x}")).probed


def test_no_such_container() -> None:
    with pytest.raises(KeyError):
        whole_plan().container("nobody")


def test_the_order_of_the_manifest_changes_nothing() -> None:
    head, *blocks = _blocks(STACK)
    plans = set()
    for seed in range(20):
        shuffled = random.Random(seed).sample(blocks, len(blocks))
        manifest = parse(head + "".join(shuffled), "galley.yaml").manifest
        plans.add(plan(manifest, settings=SECRETS))
    assert plans == {whole_plan()}


def test_a_plan_is_a_value() -> None:
    assert isinstance(hash(whole_plan()), int)
    assert whole_plan() == whole_plan()
    assert plan(services("a: {kind: other, image: x}")) != Plan(whole_plan().preview, ())


def _blocks(text: str) -> list[str]:
    """The head of a manifest, and each service's lines."""
    blocks = [""]
    for line in text.splitlines(keepends=True):
        if line.startswith("  ") and not line.startswith("   "):
            blocks.append("")
        blocks[-1] += line
    return blocks
