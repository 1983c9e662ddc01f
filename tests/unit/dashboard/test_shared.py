"""What is shown of updates where the backend is a shared one."""

from __future__ import annotations

import json

from pulumi.automation.errors import CommandError

from galley_iac.dashboard.live.shared import SharedUpdates
from galley_iac.dashboard.live.stacks import CONTAINER
from galley_iac.dashboard.model import History, Step, Update

BEGUN = 1_767_225_600.0
ENTRY = {
    "kind": "update",
    "startTime": "2026-01-01T00:00:00.000Z",
    "endTime": "2026-01-01T00:00:09.000Z",
    "result": "succeeded",
    "message": "",
    "resourceChanges": {"create": 2, "same": 1},
}
URN = f"urn:pulumi:main::galley::galley:index:Preview${CONTAINER}::"


def resource(name: str, modified: str) -> dict[str, object]:
    return {"urn": f"{URN}{name}", "type": CONTAINER, "id": name, "modified": modified, "inputs": {}}


class Asked:
    """Pulumi, as it answers; ``updated`` is when the stack was written last."""

    def __init__(self, *entries: dict[str, object]) -> None:
        self.entries, self.updated, self.calls = list(entries), 1.0, 0
        self.is_down = False

    def __call__(self, *words: str) -> str:
        self.calls += 1
        if self.is_down:
            raise CommandError(None)  # type: ignore[arg-type]
        if "history" in words:
            return json.dumps(self.entries)
        return json.dumps({"deployment": {"resources": [resource("api", "2026-01-01T00:00:03.5Z")]}})


def updates(asked: Asked) -> SharedUpdates:
    return SharedUpdates(lambda _name: asked.updated, asked)


def test_the_history_and_where_the_time_went_are_asked_for_once_per_update() -> None:
    asked = Asked(ENTRY)
    known = updates(asked)
    assert known.last("main-shop") is None, "nobody has looked"
    update = Update("update", BEGUN, BEGUN + 9, "succeeded", {"create": 2})
    expected = History((update,), (Step("api", "container", BEGUN, BEGUN + 3.5),))
    assert known.history("main-shop") == expected == known.history("main-shop")
    assert (asked.calls, known.last("main-shop")) == (2, update)
    asked.updated = 2.0
    assert known.last("main-shop") is None, "it is another by now"
    known.history("main-shop")
    assert asked.calls == 4


def test_a_backend_that_does_not_answer_leaves_what_was_known() -> None:
    asked = Asked(ENTRY)
    known = updates(asked)
    before = known.history("main-shop")
    asked.updated, asked.is_down = 2.0, True
    assert known.history("main-shop") == before
    assert known.history("pr-7-shop") == History()


def test_a_stack_that_was_never_updated_has_no_history() -> None:
    assert updates(Asked()).history("main-shop") == History()
