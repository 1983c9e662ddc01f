"""Requests to a forge, against a server on loopback that answers as each test says."""

from __future__ import annotations

from typing import Any

import pytest

from galley_iac.forges.http import ForgeError, Http, escaped
from tests.fake_forge import Answer, Asked, Server, serve

TOKEN = "secret-token-1"


def http(server: Server, pauses: list[float] | None = None) -> Http:
    return Http(server.url, TOKEN, (pauses if pauses is not None else []).append)


def always(status: int, body: Any = None, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _asked: (status, body, named)


def test_a_request_says_who_asks_and_reads_json() -> None:
    with serve(always(200, {"a": 1})) as server:
        assert http(server).get("/x/y", q="z w") == {"a": 1}
        assert http(server).send("POST", "/x", {"b": 2}) == {"a": 1}
    first, second = server.asked
    assert (first.method, first.path, first.query) == ("GET", "/x/y", {"q": "z w"})
    assert first.headers["Authorization"] == f"Bearer {TOKEN}"
    assert (second.method, second.body) == ("POST", {"b": 2})


def test_an_answer_without_a_body() -> None:
    with serve(always(204)) as server:
        assert http(server).send("DELETE", "/x") is None


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_what_passes_is_tried_again(status: int) -> None:
    answers = [(status, None, {}), (status, None, {}), (200, {"ok": True}, {})]
    pauses: list[float] = []
    with serve(lambda _asked: answers.pop(0)) as server:
        assert http(server, pauses).get("/x") == {"ok": True}
    assert pauses == [1.0, 2.0]


def test_a_forge_that_says_how_long_to_wait_is_believed_within_reason() -> None:
    answers = [(429, None, {"Retry-After": "7"}), (429, None, {"Retry-After": "9999"}), (200, {}, {})]
    pauses: list[float] = []
    with serve(lambda _asked: answers.pop(0)) as server:
        http(server, pauses).get("/x")
    assert pauses == [7.0, 30.0]


def test_it_is_given_up_after_four_tries() -> None:
    with serve(always(503, {"message": "down"})) as server, pytest.raises(ForgeError, match="503") as found:
        http(server).get("/x")
    assert len(server.asked) == 4
    assert (found.value.status, found.value.exit_code) == (503, 3)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (401, {"message": "Bad credentials"}, "check GALLEY_FORGE_TOKEN"),
        (403, {"message": "not by integration"}, "not by integration"),
        (404, {"error": "404 Project Not Found"}, "Project Not Found"),
        (422, {"message": "Validation Failed"}, "Validation Failed"),
        (404, b"<html>nothing here</html>", "404"),
        (400, ["a list"], "400"),
    ],
)
def test_a_refusal_is_said_once_and_in_words(status: int, body: Any, said: str) -> None:
    with serve(always(status, body)) as server, pytest.raises(ForgeError) as found:
        http(server).get("/x")
    assert said in str(found.value)
    assert found.value.status == status
    assert len(server.asked) == 1


def test_the_token_is_in_no_message() -> None:
    with serve(always(403, {"message": f"no: {TOKEN} \x1b[31m"})) as server:
        with pytest.raises(ForgeError) as found:
            http(server).get("/x")
        assert TOKEN not in str(found.value)
        assert "\x1b" not in str(found.value)
    with pytest.raises(ForgeError) as found:
        http(server).get("/x")
    assert "does not answer" in str(found.value)
    assert TOKEN not in str(found.value)
    assert found.value.status == 0


def test_a_page_where_the_api_should_be() -> None:
    with serve(always(200, b"<html>")) as server, pytest.raises(ForgeError, match="is no JSON"):
        http(server).get("/x")


def test_nothing_is_followed_elsewhere() -> None:
    with serve(always(200, {})) as other, serve(always(301, {}, Location=f"{other.url}/x")) as server:
        for method in ("GET", "POST"):
            with pytest.raises(ForgeError, match="has moved"):
                http(server).send(method, "/x")
        assert other.asked == []


def pages(asked: Asked) -> Answer:
    """Three pages; where the next one is said to be is elsewhere."""
    page = int(asked.query["page"])
    headers = {"Link": '<http://192.0.2.1/evil?page=9>; rel="next"'} if page < 3 else {}
    return 200, [page * 10, page * 10 + 1], headers


def test_pages_are_counted_here() -> None:
    with serve(pages) as server:
        assert list(http(server).pages("/x", limit=2)) == [10, 11, 20, 21, 30, 31]
    assert [asked.query for asked in server.asked] == [{"limit": "2", "page": str(n)} for n in (1, 2, 3)]


def test_a_list_that_is_none_and_one_that_never_ends() -> None:
    with serve(always(200, {"not": "a list"})) as server:
        assert list(http(server).pages("/x")) == []
    with serve(always(200, [], Link='<x>; rel="next"')) as server:
        assert list(http(server).pages("/x")) == []
    assert len(server.asked) == 200


def test_a_part_of_a_path_is_one_part() -> None:
    assert escaped("a/b c?d#e") == "a%2Fb%20c%3Fd%23e"
