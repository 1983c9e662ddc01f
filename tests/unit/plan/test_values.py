"""Text with parts that the plan does not hold."""

from __future__ import annotations

from galley_iac.plan.values import Open, Secret, Value, text


def test_plain_text() -> None:
    assert str(text("a b")) == "a b"
    assert not text("a b").is_secret
    assert str(Value()) == ""


def test_a_secret_is_masked_and_an_open_part_named() -> None:
    value = Value(("postgres://app:", Secret("PASSWORD"), "@db:", Open.ROUTER_PORT))
    assert str(value) == "postgres://app:********@db:<router-port>"
    assert value.is_secret
    assert not Value((Open.ROUTER_PORT,)).is_secret


def test_the_mask_does_not_tell_the_length() -> None:
    assert str(Value((Secret("A"),))) == str(Value((Secret("A_MUCH_LONGER_NAME"),)))


def test_rendered_with_what_the_target_knows() -> None:
    known = {Secret("PASSWORD"): "s3cret", Open.ROUTER_PORT: "20001"}
    value = Value((Secret("PASSWORD"), ":", Open.ROUTER_PORT))
    assert value.render(lambda part: known[part]) == "s3cret:20001"
