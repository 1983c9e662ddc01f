"""Until when a preview may stay. The time is an argument: nothing here waits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.duration import DAY
from galley_iac.life.lease import DEFAULT_TTL, Lease, extended

NOW = 1_800_000_000.0


def test_a_week_by_default() -> None:
    assert Lease(NOW).expires == NOW + 7 * DAY
    assert DEFAULT_TTL == 7 * DAY


@pytest.mark.parametrize(
    ("later", "over"), [(0, False), (7 * DAY - 1, False), (7 * DAY, True), (8 * DAY, True)]
)
def test_its_time_is_over_at_its_end_and_not_before(later: float, over: bool) -> None:
    assert Lease(NOW).has_expired(NOW + later) is over


def test_activity_begins_it_anew() -> None:
    assert not Lease(NOW + 6 * DAY).has_expired(NOW + 12 * DAY)


def test_what_is_pinned_never_ends() -> None:
    pinned = Lease(NOW - 400 * DAY, until=NOW - 300 * DAY, pinned=True)
    assert pinned.expires is None
    assert not pinned.has_expired(NOW)


def test_what_nobody_knows_the_time_of_is_not_garbage() -> None:
    assert Lease(None).expires is None
    assert not Lease(None).has_expired(NOW)


def test_an_extension_counts_only_where_it_is_later() -> None:
    assert Lease(NOW, until=NOW + 9 * DAY).expires == NOW + 9 * DAY
    assert Lease(NOW, until=NOW + 1 * DAY).expires == NOW + 7 * DAY


def test_an_extension_counts_where_nothing_else_is_known() -> None:
    assert Lease(None, until=NOW).has_expired(NOW)


def test_extending_adds_to_what_is_left() -> None:
    assert extended(Lease(NOW), 2 * DAY, NOW + 3 * DAY) == NOW + 9 * DAY
    assert extended(Lease(NOW, until=NOW + 9 * DAY), 2 * DAY, NOW) == NOW + 11 * DAY


def test_extending_what_is_over_begins_now() -> None:
    assert extended(Lease(NOW - 30 * DAY), 2 * DAY, NOW) == NOW + 2 * DAY
    assert extended(Lease(None), 2 * DAY, NOW) == NOW + 2 * DAY


def test_extending_what_is_pinned_counts_for_the_day_it_is_unpinned() -> None:
    assert extended(Lease(NOW, pinned=True), DAY, NOW) == NOW + 8 * DAY


def test_how_long_it_was_idle() -> None:
    assert Lease(NOW).idle(NOW + 5) == 5
    assert Lease(NOW).idle(NOW - 5) == 0, "a clock that is behind makes nobody younger"
    assert Lease(None).idle(NOW) is None


TIMES = st.floats(0, 2 * NOW)


@given(st.none() | TIMES, st.floats(1, 400 * DAY), st.none() | TIMES, st.floats(1, 90 * DAY), TIMES)
def test_an_extended_preview_is_not_over(
    activity: float | None, ttl: float, until: float | None, by: float, now: float
) -> None:
    lease = Lease(activity, ttl, until)
    end = extended(lease, by, now)
    assert end >= now + by
    assert lease.expires is None or end >= lease.expires
    assert not Lease(activity, ttl, end).has_expired(now)
