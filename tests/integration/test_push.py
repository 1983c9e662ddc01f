"""A push that changes only source: one layer is built, one image's services are replaced, the data stays."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.integration.harness.preview import Preview

OF_THE_IMAGE = {"api", "api.ready", "worker", "migrate"}
STEP = re.compile(r"^#(\d+) \[\d+/\d+\] (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Pushed:
    """Every container's id before and after the update."""

    before: dict[str, str]
    after: dict[str, str]


@pytest.fixture(scope="module")
def pushed(seed: Preview) -> Pushed:
    seed.ask("api", "/tasks", method="POST", body={"text": "from before the push"})
    before = seed.ids()
    assert seed.ask("api", "/version").json == {"version": "1.0.0"}
    seed.repository.replace("app/version.py", "1.0.0", "1.0.1")
    seed.up()
    return Pushed(before, seed.ids())


@pytest.mark.usefixtures("pushed")
def test_the_new_version_answers(seed: Preview) -> None:
    assert seed.ask("api", "/version").json == {"version": "1.0.1"}


def test_only_the_services_of_that_image_are_replaced(pushed: Pushed) -> None:
    replaced = {name for name, identifier in pushed.after.items() if pushed.before[name] != identifier}
    assert replaced == OF_THE_IMAGE
    assert set(pushed.after) == set(pushed.before)


@pytest.mark.usefixtures("pushed")
def test_only_the_source_layer_is_built(seed: Preview) -> None:
    """In the build's own log: every step but the copy of the source is cached."""
    log = seed.build_log("api")
    steps = {text: f"#{number} CACHED" in log for number, text in STEP.findall(log)}
    built = {text for text, cached in steps.items() if not cached and not text.startswith("FROM ")}
    assert built == {"COPY . ."}, log
    assert [text for text in steps if "pip install" in text], log


def test_the_database_keeps_its_data(seed: Preview, pushed: Pushed) -> None:
    assert pushed.before["postgres"] == pushed.after["postgres"]
    assert "from before the push" in [task["text"] for task in seed.ask("api", "/tasks").json]
