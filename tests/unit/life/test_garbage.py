"""Which previews may go, and why."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.duration import DAY, HOUR
from galley_iac.life.garbage import Cause, Known, Reason, Repository, reason
from galley_iac.life.lease import Lease
from galley_iac.plan.identity import Identity

NOW = 1_800_000_000.0
FRESH = Lease(NOW - HOUR)
SHOP = Repository("shop", "git.example", "acme", "shop", frozenset({"main"}), frozenset({1, 2}))
ELSEWHERE = Repository("shop", "git.example", "rival", "shop", frozenset(), frozenset())


def known(
    lease: Lease = FRESH, branch: str = "main", number: int | None = None, owner: str = "acme"
) -> Known:
    whose = Identity("shop", "" if number else branch, number, "git.example", owner, "shop")
    return Known("some-name", whose, lease)


def cause(preview: Known, repository: Repository | None = SHOP) -> Cause | None:
    found = reason(preview, repository, NOW)
    return found.cause if found else None


def test_what_lives_stays() -> None:
    assert cause(known()) is None
    assert cause(known(number=2)) is None


def test_a_branch_that_is_gone() -> None:
    assert reason(known(branch="old"), SHOP, NOW) == Reason(Cause.BRANCH_GONE, "branch old is gone")


def test_a_pull_request_that_is_closed() -> None:
    expected = Reason(Cause.PULL_REQUEST_CLOSED, "pull request 3 is not open any more")
    assert reason(known(number=3), SHOP, NOW) == expected


def test_a_pull_request_is_not_judged_by_branches_nor_a_branch_by_pull_requests() -> None:
    assert cause(known(number=3), dataclasses.replace(SHOP, pull_requests=None)) is None
    assert cause(known(branch="old"), dataclasses.replace(SHOP, branches=None)) is None


def test_what_nobody_asked_for_is_not_gone() -> None:
    assert cause(known(branch="old"), None) is None


def test_another_repository_s_branches_say_nothing() -> None:
    assert cause(known(branch="old"), ELSEWHERE) is None
    assert cause(known(branch="old", owner="rival")) is None


def test_without_a_remote_the_project_says_whose_it_is() -> None:
    here = Repository("shop", branches=frozenset({"main"}))
    assert cause(Known("n", Identity("shop", "old"), FRESH), here) is Cause.BRANCH_GONE
    assert cause(Known("n", Identity("other", "old"), FRESH), here) is None
    assert cause(known(branch="old"), here) is None, "one with a remote is another's"


def test_two_projects_of_one_repository_share_its_branches() -> None:
    whose = Identity("admin", "old", None, "git.example", "acme", "shop")
    assert cause(Known("n", whose, FRESH)) is Cause.BRANCH_GONE


def test_one_whose_time_is_over() -> None:
    found = reason(known(Lease(NOW - 8 * DAY - HOUR)), SHOP, NOW)
    assert found == Reason(Cause.EXPIRED, "idle for 8 d 1 h (TTL 7 d)")


def test_one_whose_extension_is_over() -> None:
    found = reason(known(Lease(NOW - 30 * DAY, until=NOW - HOUR)), SHOP, NOW)
    assert found == Reason(Cause.EXPIRED, "its extension ended 1 h ago")


def test_an_unknown_identity_can_only_expire() -> None:
    assert cause(Known("n", None, FRESH)) is None
    assert cause(Known("n", None, Lease(NOW - 8 * DAY))) is Cause.EXPIRED


def test_the_source_is_the_better_reason() -> None:
    assert cause(known(Lease(NOW - 8 * DAY), branch="old")) is Cause.BRANCH_GONE


@pytest.mark.parametrize("preview", [known(branch="old"), known(number=9), known(Lease(NOW - 99 * DAY))])
def test_pinned_stays_whatever_happens(preview: Known) -> None:
    assert cause(preview)
    assert cause(dataclasses.replace(preview, lease=dataclasses.replace(preview.lease, pinned=True))) is None


@given(st.sets(st.sampled_from(["main", "a", "b", "c"])), st.sampled_from(["main", "a", "b", "c"]))
def test_fresh_previews_go_exactly_with_their_branch(branches: set[str], branch: str) -> None:
    there = dataclasses.replace(SHOP, branches=frozenset(branches))
    assert (cause(known(branch=branch), there) is Cause.BRANCH_GONE) == (branch not in branches)
