"""Who gets in: users with a password, addresses on a list, and who has the token."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator

import pytest

from tests.edge.conftest import Edge, host
from tests.edge.namespace import elsewhere
from tests.integration.harness.command import Completed
from tests.integration.harness.preview import Preview

PASSWORD = "correct horse battery"


def run(preview: Preview, *words: str, **environment: str) -> Completed:
    done = preview.galley(*words, at=preview.repository.path, **environment)
    assert done.code == 0, done.text
    return done


def basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def change(preview: Preview, **values: str) -> None:
    """Sets the project's settings, which its preview then has."""
    for name, value in values.items():
        run(preview, "config", "set", name, value)
    preview.up()


@pytest.fixture(scope="module")
def token(shop: Preview) -> str:
    return run(shop, "access", "token").out.strip()


@pytest.fixture(scope="module")
def alice(shop: Preview, token: str) -> Iterator[str]:
    """The one user of a preview that wants a password; at the end everybody may enter again."""
    command = ["sh", "-c", f"printf %s '{PASSWORD}' | {shop.galley.program} access user alice"]
    done = shop.galley.run(command, at=shop.repository.path)
    assert done.code == 0, done.text
    assert token
    change(shop, access="basic")
    yield "alice"
    change(shop, access="public")


def test_a_password_opens_and_nothing_else(edge: Edge, shop: Preview, alice: str, token: str) -> None:
    asked = host(shop)
    refused = edge.client.ask(asked)
    assert refused.status == 401
    assert refused.headers["www-authenticate"].startswith("Basic")
    assert refused.headers["x-robots-tag"] == "noindex"
    assert edge.client.ask(asked, Authorization=basic(alice, "wrong")).status == 401
    assert edge.client.ask(asked, Authorization=basic("bob", PASSWORD)).status == 401
    inside = edge.client.ask(asked, Authorization=basic(alice, PASSWORD))
    assert inside.status == 200
    assert "authorization" not in inside.json, "an outsider's application would get the team's passwords"
    assert edge.client.ask(asked, X_Galley_Bypass=f"{token}x").status == 401
    assert edge.client.ask(asked, X_Galley_Bypass="").status == 401
    assert edge.client.ask(asked, Cookie="galley-bypass=").status == 401
    by_header = edge.client.ask(asked, X_Galley_Bypass=token, Authorization="Bearer own")
    assert by_header.status == 200
    assert by_header.json["authorization"] == "Bearer own"
    by_cookie = edge.client.ask(asked, Cookie=f"theme=dark; galley-bypass={token}; lang=en")
    assert by_cookie.status == 200
    assert by_cookie.json["cookie"] == "theme=dark; lang=en"
    assert token not in by_header.body.decode() + by_cookie.body.decode()


def test_no_hash_and_no_token_is_in_the_open(shop: Preview, alice: str, token: str) -> None:
    code, hashed = shop.execute("router", "cat", f"/etc/caddy/access/user.{alice}.txt")
    assert (code, hashed[:4]) == (0, "$2a$"), "this is what is looked for"
    kept = [path for path in shop.galley.home.rglob("*") if path.is_file()]
    texts = [path.read_text(errors="replace") for path in kept]
    assert any("user.alice" in text for text in texts), "the search sees the state"
    assert not any(hashed in text or token in text or PASSWORD in text for text in texts)
    shown = str(shop.inspect("router"))
    assert hashed not in shown
    assert token not in shown


def test_an_address_that_is_not_on_the_list_stays_out(
    edge: Edge, shop: Preview, alice: str, token: str
) -> None:
    number = random.randrange(1, 60)
    with elsewhere(f"gedge{edge.name}", number) as there:
        change(shop, access="allowlist", allowlist=f"{there.own}/32")
        assert there.status(edge.client, host(shop)) == 200
        assert edge.client.ask(host(shop)).status == 403
        assert edge.client.ask(host(shop), X_Forwarded_For=there.own).status == 403, "a header is no address"
        assert edge.client.ask(host(shop), Authorization=basic(alice, PASSWORD)).status == 403
        assert edge.client.ask(host(shop), X_Galley_Bypass=token).status == 200
        change(shop, allowlist="203.0.113.0/24")
        assert there.status(edge.client, host(shop)) == 403
