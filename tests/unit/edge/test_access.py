"""Who may enter: the settings as people write them, and the router's rules that follow."""

from __future__ import annotations

import json

import pytest

from galley_iac.edge.access import (
    HASH,
    Access,
    Guard,
    caddy_routes,
    read_access,
    read_allowed,
    users_of,
)

BASIC = Guard(Access.BASIC, users=("alice", "bob"), token=True)
LISTED = Guard(Access.ALLOWLIST, users=("alice",), allowed=("192.0.2.0/24",))


def test_a_public_preview_has_no_rule() -> None:
    assert caddy_routes(Guard(users=("alice",), token=True)) == []
    assert Guard(users=("alice",), token=True).secrets == ()


def test_only_what_a_rule_reads_goes_into_the_router() -> None:
    assert BASIC.secrets == ("user.alice", "user.bob", "token")
    assert LISTED.secrets == ()


def test_passwords_and_the_token_are_files_not_texts() -> None:
    text = json.dumps(caddy_routes(BASIC))
    assert "{file./etc/caddy/access/user.alice.txt}" in text
    assert "{file./etc/caddy/access/token.txt}" in text


def test_a_password_is_asked_for_unless_the_token_came() -> None:
    bypass, rule = caddy_routes(BASIC)
    assert bypass["handle"][-1] == {"handler": "vars", "galley_passed": "yes"}  # type: ignore[index]
    assert rule["match"] == [{"not": [{"vars": {"galley_passed": ["yes"]}}]}]
    ask, forget = rule["handle"]  # type: ignore[misc]
    assert [one["username"] for one in ask["providers"]["http_basic"]["accounts"]] == ["alice", "bob"]  # type: ignore[index, has-type]
    assert forget == {"handler": "headers", "request": {"delete": ["Authorization"]}}  # type: ignore[has-type]


def test_an_empty_token_opens_nothing() -> None:
    """A file that cannot be read counts as empty: an absent header must not equal it."""
    bypass = caddy_routes(BASIC)[0]
    for matcher in bypass["match"]:  # type: ignore[attr-defined]
        (demanded,) = matcher["header_regexp"].values()
        assert "{16,}" in demanded["pattern"]


def test_other_addresses_are_refused() -> None:
    (rule,) = caddy_routes(LISTED)
    assert {"client_ip": {"ranges": ["192.0.2.0/24"]}} in rule["match"][0]["not"]  # type: ignore[index]
    assert rule["handle"][0]["status_code"] == 403  # type: ignore[index]


@pytest.mark.parametrize(("text", "read"), [("basic", Access.BASIC), ("Basic", None), ("", None)])
def test_access_as_written(text: str, read: Access | None) -> None:
    assert read_access(text) is read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("192.0.2.7", ("192.0.2.7/32",)),
        ("10.0.0.0/8, 192.0.2.7,10.0.0.0/8", ("10.0.0.0/8", "192.0.2.7/32")),
        ("2001:db8::/32", ("2001:db8::/32",)),
        ("10.0.0.1/8", None),
        ("10.0.0.0/8,", None),
        ("example.com", None),
    ],
)
def test_a_list_as_written(text: str, read: tuple[str, ...] | None) -> None:
    assert read_allowed(text) == read


def test_users_among_the_secrets() -> None:
    assert users_of(frozenset({"token", "user.bob", "user.alice"})) == ("alice", "bob")


@pytest.mark.parametrize("cut", [0, 1, 59])
def test_a_hash_is_whole_or_none(cut: int) -> None:
    whole = "$2y$10$" + "a" * 53
    assert HASH.fullmatch(whole)
    assert not HASH.fullmatch(whole[:cut])
    assert not HASH.fullmatch(whole + "\n")
