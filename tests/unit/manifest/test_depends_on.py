from __future__ import annotations

import pytest

from tests.unit.manifest.support import changed, problem, problems, service

LIST = "[db]\n    restart"


def depends(written: str) -> tuple[str, str]:
    return LIST, f"{written}\n    restart"


def test_names() -> None:
    assert service("api").depends_on == ("db",)
    assert service("db").depends_on == ()
    assert service("api", *depends("[worker, db]")).depends_on == ("worker", "db")


def test_unknown_name() -> None:
    assert problem(*depends("[dbb]")) == (
        "galley.yaml:8:18: services.api.depends_on.0: there is no service `dbb` (did you mean `db`?)\n"
        "    services here: api, worker, db"
    )


def test_itself() -> None:
    assert problem(*depends("[db, api]")) == (
        "galley.yaml:8:22: services.api.depends_on.1: `api` depends on itself\n    remove it"
    )


def test_twice() -> None:
    assert problem(*depends("[db, db]")) == (
        "galley.yaml:8:22: services.api.depends_on.1: `db` is here twice\n    remove one of the two"
    )


def test_a_single_name_is_no_list() -> None:
    assert problem(*depends("db")) == (
        "galley.yaml:8:17: services.api.depends_on: must be a list\n"
        "    write one item per line after `- `, or `[a, b]`"
    )


@pytest.mark.parametrize(
    ("item", "rule"),
    [
        ("", "must be one value, not a list or a mapping"),
        ("~", "has no value"),
        ('""', "is empty"),
    ],
)
def test_items(item: str, rule: str) -> None:
    written = f"[db, {item or '[db]'}]"
    assert problem(*depends(written)).split("\n")[0] == f"galley.yaml:8:22: services.api.depends_on.1: {rule}"


def test_a_wrong_item_does_not_move_the_others() -> None:
    first, second = problems_of("[~, nope]")
    assert first.startswith("galley.yaml:8:18: services.api.depends_on.0: has no value")
    assert second.startswith("galley.yaml:8:21: services.api.depends_on.1: there is no service `nope`")


def problems_of(written: str) -> list[str]:
    old, new = depends(written)
    return problems(changed(old, new))


def test_a_name_of_a_service_with_mistakes_is_known() -> None:
    (only,) = problems("version: 1\nservices:\n  a: {kind: other, image: x, depends_on: [b]}\n  b: 1\n")
    assert only.startswith("galley.yaml:4:6: services.b: must be a mapping")


def test_cycle_is_printed_whole() -> None:
    assert problem("ephemeral: true", "depends_on: [worker]") == (
        "galley.yaml:15:18: services.worker.depends_on.0: a cycle: worker → db → worker\n"
        "    remove one of these dependencies: none of the services could ever start"
    )


@pytest.mark.parametrize("written", ["", "[]"])
def test_empty(written: str) -> None:
    assert service("api", *depends(written)).depends_on == ()
