from __future__ import annotations

from tests.unit.manifest.support import VALID, manifest


def test_places_of_the_parts() -> None:
    places = manifest().places
    assert places["services.api"] == (3, 3)
    assert places["services.api.env.LOG_LEVEL"] == (7, 22)
    assert places["services.api.depends_on.0"] == (8, 18)
    assert places["services.worker.build.start"] == (14, 33)


def test_a_problem_is_placed_at_the_nearest_part_that_is_there() -> None:
    found = manifest().problem("services.db.env.POSTGRES_PASSWORD", "rule", "remedy")
    assert (found.line, found.column) == (16, 3)
    assert found.path == "services.db.env.POSTGRES_PASSWORD"
    assert manifest().problem("elsewhere.x", "rule", "remedy").line == 0


def test_a_problem_is_on_lines_of_its_own_whatever_is_in_it() -> None:
    found = manifest().problem("services.db", "first\nsecond", "do\rthis")
    assert (found.rule, found.remedy) == ("first\\nsecond", "do\\rthis")


def test_every_scalar_has_the_place_of_its_text() -> None:
    lines = VALID.splitlines()
    line, column = manifest().places["services.db.image"]
    assert lines[line - 1][column - 1 :] == "postgres:16-alpine"
