"""A preview's name: readable where it can be, and never the same for two previews."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.plan.identity import MAX_NAME, Identity, is_name, preview_name, safe_name, short_hash

DNS_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
DOCKER_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
STACK_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
HASHED = re.compile(r"(?:[a-z0-9-]*-)?[0-9a-z]{5}")

BRANCHES = st.text(min_size=1).map(lambda text: text.replace("\n", "-"))


def branch(name: str, project: str = "shop") -> str:
    return preview_name(Identity(project, branch=name))


def pull_request(number: int, project: str = "shop") -> str:
    return preview_name(Identity(project, pull_request=number))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("main", "main-shop"),
        ("fix-1-2", "fix-1-2-shop"),
        ("2024", "2024-shop"),
        ("pr", "pr-shop"),
        ("pr-x", "pr-x-shop"),
        ("pr-12x", "pr-12x-shop"),
        ("spring-12", "spring-12-shop"),
        ("a" * 35, "a" * 35 + "-shop"),
    ],
)
def test_what_is_safe_stays_as_it_is(name: str, expected: str) -> None:
    assert branch(name) == expected


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("feature/x", "feature-x-shop-"),
        ("Main", "main-shop-"),
        ("a--b", "a-b-shop-"),
        ("-a", "a-shop-"),
        ("v1.2", "v1-2-shop-"),
        ("über", "ber-shop-"),
        ("pr-12", "pr-12-shop-"),
        ("pr-12-retry", "pr-12-retry-shop-"),
        ("PR-12", "pr-12-shop-"),
        ("a" * 36, "a" * 34 + "-"),
    ],
)
def test_what_was_changed_ends_with_a_hash(name: str, begins: str) -> None:
    made = branch(name)
    assert made.startswith(begins)
    assert re.fullmatch("[0-9a-z]{5}", made.removeprefix(begins))


def test_the_names_that_people_see_do_not_move() -> None:
    """A change here would orphan every living preview."""
    assert branch("feature/x") == "feature-x-shop-8ihvv"
    assert branch("日本語", "日本語") == short_hash("日本語\n日本語")
    assert pull_request(12, "My Shop") == f"pr-12-my-shop-{short_hash('pr-12-My Shop')}"


def test_nothing_left_after_making_it_safe_is_a_hash_alone() -> None:
    assert re.fullmatch("[0-9a-z]{5}", branch("§§§", "§"))
    assert branch("§§§", "§") != branch("§§", "§")


def test_a_pull_request() -> None:
    assert pull_request(12) == "pr-12-shop"
    assert pull_request(12) != branch("pr-12")
    assert pull_request(1, "2-shop") != branch("pr-1", "2-shop")


def hostile_branches() -> list[str]:
    """More than 1,000 branch names that are alike in every way that a sanitiser may confuse."""
    parts = ("pr", "pr-12", "feature", "Feature", "FEATURE", "féature", "feature ", "12", "a" * 60, "…", "")
    joints = ("-", "/", "_", ".", "--", "-/", " ", "\\")
    made = {"".join(word) for word in itertools.product(parts, joints, parts)}
    tails = ("", "-", "/", "_", "-shop", "/shop", "-shop-", "İ", "ſ", "\u0301", "\ufeff", "\udcff", "🛳")
    made |= {f"{head}{tail}" for head in parts for tail in tails}
    return sorted(made - {""})


def test_a_thousand_hostile_branches_have_names_of_their_own() -> None:
    branches = hostile_branches()
    assert len(branches) > 1000
    names = {name: branch(name) for name in branches}
    numbers = {f"#{number}": pull_request(number) for number in range(100)}
    taken = list((names | numbers).values())
    assert [name for name in set(taken) if taken.count(name) > 1] == []


def test_a_thousand_hostile_branches_make_valid_names() -> None:
    for name in hostile_branches():
        assert_valid(branch(name))


@given(BRANCHES, st.text(max_size=80))
def test_any_name_is_valid_everywhere(name: str, project: str) -> None:
    assert_valid(branch(name, project))


@given(st.integers(min_value=1, max_value=10**12), st.text(max_size=80))
def test_any_pull_request_makes_a_valid_name(number: int, project: str) -> None:
    assert_valid(pull_request(number, project))


def assert_valid(name: str) -> None:
    assert DNS_LABEL.fullmatch(name), name
    assert DOCKER_NAME.fullmatch(name)
    assert STACK_NAME.fullmatch(name)
    assert len(name) <= MAX_NAME
    assert "--" not in name, "the flat layout splits there"


@given(BRANCHES, BRANCHES)
def test_two_branches_never_share_a_name(one: str, other: str) -> None:
    assert (branch(one) == branch(other)) == (one == other)


@given(st.from_regex(r"(?i)pr[-_/.]?[0-9]{1,4}([-_/].{0,5})?", fullmatch=True), st.integers(0, 9999))
def test_no_branch_passes_for_a_pull_request(name: str, number: int) -> None:
    assert branch(name.replace("\n", "-")) != pull_request(number)


@given(st.text(max_size=80), st.integers(min_value=8, max_value=63))
def test_a_safe_name_keeps_to_its_limit(wanted: str, limit: int) -> None:
    made = safe_name(wanted, wanted, limit=limit)
    assert DNS_LABEL.fullmatch(made)
    assert len(made) <= limit
    assert made == wanted or HASHED.fullmatch(made)


def test_a_preview_belongs_to_a_branch_or_a_pull_request() -> None:
    with pytest.raises(ValueError, match="a branch or a pull request"):
        Identity("shop")
    assert Identity("shop", pull_request=0).describe() == "pull request 0 of shop"


def test_the_key_tells_all_owners_apart() -> None:
    whole = {"project": "shop", "forge": "git.example", "owner": "acme", "repository": "shop"}
    keys = {Identity(**{**whole, field: "other"}, branch="main").key() for field in whole}
    keys |= {Identity(**whole, branch=name).key() for name in ("main", "12", "pr-12")}
    keys.add(Identity(**whole, pull_request=12).key())
    assert len(keys) == len(whole) + 4


def test_a_pull_request_stays_itself_when_its_branch_is_renamed() -> None:
    one, other = Identity("shop", "old", pull_request=3), Identity("shop", "new", pull_request=3)
    assert one.digest() == other.digest()
    assert preview_name(one) == preview_name(other)


def test_the_digest_fits_a_label() -> None:
    assert re.fullmatch("[0-9a-f]{16}", Identity("shop", branch="\udcff").digest())


def test_description() -> None:
    known = Identity("shop", branch="main", forge="git.example", owner="acme", repository="shop")
    assert known.describe() == "branch main of git.example/acme/shop"
    assert Identity("shop", branch="main").describe() == "branch main of shop"


@pytest.mark.parametrize("text", ["main-shop", "pr-12-shop", "0-a", "feature-x-shop-8ihvv"])
def test_a_previews_name_is_known_as_one(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize(
    "text", ["", "../x", "a/b", "A-b", "a--b", "-a", "a-", "a.b", "a b", "a" * 41, "a\n"]
)
def test_what_cannot_be_a_previews_name_is_refused(text: str) -> None:
    assert not is_name(text)
