"""examples/python: what can be said without its libraries."""

from __future__ import annotations

import hashlib

import pytest

from tests.examples.folders import load

config = load("python/app/config.py")
text = load("python/app/text.py")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgres://app:pw@postgres:5432/app", "postgresql+psycopg://app:pw@postgres:5432/app"),
        ("postgresql://h/d", "postgresql+psycopg://h/d"),
        (
            "postgres://u:postgres://@h/d?sslmode=disable",
            "postgresql+psycopg://u:postgres://@h/d?sslmode=disable",
        ),
        ("postgresql+asyncpg://h/d", "postgresql+asyncpg://h/d"),
        ("sqlite:///file.db", "sqlite:///file.db"),
    ],
)
def test_a_platforms_database_address_becomes_sqlalchemys(given: str, expected: str) -> None:
    assert config.sqlalchemy_url(given) == expected


def test_a_setting_is_read_from_the_environment() -> None:
    assert config.setting({"REDIS_URL": "redis://cache:6379/0"}, "REDIS_URL") == "redis://cache:6379/0"


@pytest.mark.parametrize("environment", [{}, {"REDIS_URL": ""}])
def test_a_missing_setting_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(config.SettingError, match=r"^the environment variable REDIS_URL is not set$"):
        config.setting(environment, "REDIS_URL")


@pytest.mark.parametrize(
    ("given", "words", "characters"),
    [
        ("to be or not to be", 6, 18),
        ("", 0, 0),
        (" \n\t ", 0, 4),
        ("two\nlines", 2, 9),
        ("日本 \U0001f600", 2, 4),
    ],
)
def test_words_and_characters_are_counted(given: str, words: int, characters: int) -> None:
    measured = text.measure(given)
    assert (measured["words"], measured["characters"]) == (words, characters)


def test_the_digest_is_that_of_the_utf_8_bytes() -> None:
    assert text.measure("é")["sha256"] == hashlib.sha256(b"\xc3\xa9").hexdigest()


def test_a_measurement_has_nothing_else() -> None:
    assert sorted(text.measure("a")) == ["characters", "sha256", "words"]
