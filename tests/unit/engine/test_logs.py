"""Several containers' output as one stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from docker.errors import NotFound

from galley_iac.engine.logs import entries, follow, history
from tests.unit.engine.support import container

API, WEB = container("api", id="api"), container("web", id="web")


class FakeLogs:
    """Docker's logs: stamped lines of the past, and chunks of what comes."""

    def __init__(self, past: dict[str, bytes], coming: dict[str, list[Any]] | None = None) -> None:
        self.past, self.coming, self.api = past, coming or {}, self

    def logs(self, identifier: str, *, stream: bool = False, **asked: Any) -> Any:
        assert asked["timestamps"]
        if stream:
            return self._stream(self.coming.get(identifier, []))
        return b"".join(self.past.get(identifier, b"").splitlines(keepends=True)[-asked["tail"] :])

    def _stream(self, chunks: list[Any]) -> Iterator[bytes]:
        for chunk in chunks:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk


def stamped(second: int, text: str) -> bytes:
    return f"2020-01-01T00:00:{second:02}.000000000Z {text}\n".encode()


def test_merged_by_time() -> None:
    past = {"api": stamped(1, "one") + stamped(4, "four"), "web": stamped(2, "two") + stamped(3, "three")}
    assert list(history(FakeLogs(past), [API, WEB], 10)) == [
        ("api", "one"),
        ("web", "two"),
        ("web", "three"),
        ("api", "four"),
    ]


def test_the_last_lines_of_each() -> None:
    past = {"api": stamped(1, "one") + stamped(2, "two"), "web": stamped(0, "nil")}
    assert list(history(FakeLogs(past), [API, WEB], 1)) == [("web", "nil"), ("api", "two")]


def test_lines_of_one_moment_keep_their_order() -> None:
    past = {"api": stamped(1, "z") + stamped(1, "a")}
    assert list(history(FakeLogs(past), [API], 10)) == [("api", "z"), ("api", "a")]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("", ""),
        ("  indented", "  indented"),
        ("50%\r100%", "50%\r100%"),
        ("windows\r", "windows"),
        ("a\u2028b\x0cc", "a\u2028b\x0cc"),
    ],
)
def test_a_line_ends_where_the_engine_says(written: str, shown: str) -> None:
    """Only a line feed begins a new stamp."""
    past = {"api": stamped(1, written) + stamped(2, "next")}
    assert list(history(FakeLogs(past), [API], 10)) == [("api", shown), ("api", "next")]


def test_what_is_no_text_is_shown_as_far_as_it_is() -> None:
    assert list(history(FakeLogs({"api": b"2020 \xff!\n"}), [API], 10)) == [("api", "\ufffd!")]


def test_following_goes_on_after_the_past_until_all_have_ended() -> None:
    coming = stamped(2, "one") + stamped(3, "two\r") + stamped(4, "three")
    logs = FakeLogs({"api": stamped(1, "past")}, {"api": [coming[:40], coming[40:-1]], "web": []})
    lines = list(follow(logs, [API, WEB], 10))
    assert lines[0] == ("api", "past")
    assert lines[1:] == [("api", "one"), ("api", "two"), ("api", "three")]


def test_what_was_written_meanwhile_is_neither_lost_nor_shown_twice() -> None:
    """The stream begins with the second of the last line, and with it."""
    again = stamped(1, "past") + stamped(2, "meanwhile")
    logs = FakeLogs({"api": stamped(1, "past")}, {"api": [again]})
    assert list(follow(logs, [API], 10)) == [("api", "past"), ("api", "meanwhile")]


def test_a_letter_that_comes_in_two_pieces() -> None:
    whole = stamped(1, "größe")
    cut = whole.index(b"\xc3") + 1
    assert list(follow(FakeLogs({}, {"api": [whole[:cut], whole[cut:]]}), [API], 10)) == [("api", "größe")]


@pytest.mark.parametrize("error", [NotFound("removed"), ConnectionResetError("gone")])
def test_a_container_that_goes_away_ends_its_part(error: Exception) -> None:
    """Another thread's error must not leave the command waiting for ever."""
    coming: dict[str, list[Any]] = {"api": [stamped(1, "one"), error], "web": [stamped(1, "two")]}
    lines = list(follow(FakeLogs({}, coming), [API, WEB], 10))
    assert sorted(lines) == [("api", "one"), ("web", "two")]


def test_a_long_line_comes_in_pieces_each_with_its_time_and_is_whole_again() -> None:
    pieces = stamped(1, "a" * 16384).rstrip(b"\n") + stamped(1, "b" * 9).rstrip(b"\n") + b"\n"
    assert list(history(FakeLogs({"api": pieces + stamped(2, "next")}), [API], 10)) == [
        ("api", "a" * 16384 + "b" * 9),
        ("api", "next"),
    ]


def test_more_is_asked_for_than_is_given_so_that_no_line_is_cut() -> None:
    assert entries(1) > 128 * 1024 // (16 * 1024)
