"""The normal form of deliveries: what differs from run to run goes, and what tells things apart stays."""

from __future__ import annotations

from tests.forge.normal import FORGE, MOMENT, Normal

URL = "http://127.0.0.1:4711"
ONE, TWO = "0123456789abcdef" * 2 + "01234567", "f" * 40


def test_the_same_hash_is_the_same_everywhere_and_another_is_not() -> None:
    found = Normal(URL)({"a": ONE, "b": f"{URL}/commit/{ONE}", "c": TWO})
    assert found["b"] == f"{FORGE}/commit/{found['a']}"
    assert len(found["a"]) == len(ONE)
    assert found["a"] != found["c"]
    assert ONE not in str(found)


def test_no_commit_at_all_stays() -> None:
    assert Normal(URL)({"before": "0" * 40}) == {"before": "0" * 40}


def test_times_and_numbers_of_the_database_go_and_those_of_people_stay() -> None:
    found = Normal(URL)({"id": 812, "user_id": 812, "number": 3, "at": "2026-11-23T01:02:03+02:00", "n": 0})
    assert found == {"id": 1, "user_id": 1, "number": 3, "at": MOMENT, "n": 0}


def test_keys_are_in_order_and_lists_stay_in_theirs() -> None:
    found = Normal(URL)({"b": [2, 1], "a": {"d": None, "c": True}})
    assert list(found) == ["a", "b"]
    assert found["b"] == [2, 1]
    assert found["a"] == {"c": True, "d": None}
