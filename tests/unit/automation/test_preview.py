"""What an update would do: asked for under the same rules as an update, and nothing of it stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pulumi.automation.errors import CommandError

from galley_iac.automation.preview import Step, preview
from galley_iac.automation.state import State
from galley_iac.engine import labels
from galley_iac.errors import MachineError, PreviewError, UsageError
from galley_iac.plan.identity import Identity
from galley_iac.plan.settings import Settings
from galley_iac.request import Prepared, Request
from galley_iac.source.find import Source
from tests.unit.automation.events import begun, said
from tests.unit.engine.support import FakeClient, info
from tests.unit.plan.support import services, whole_plan


class FakeWorkspace:
    """Stacks by name, and a stack whose preview does what the test wants."""

    def __init__(self, *stacks: str, then: Any = None) -> None:
        self.stacks, self.calls, self._then = set(stacks), [], then

    def exists(self, name: str) -> bool:
        return name in self.stacks

    def create(self, name: str) -> None:
        self.stacks.add(name)

    def remove(self, name: str) -> None:
        self.stacks.remove(name)

    def configure(self, prepared: Prepared) -> None:
        self.calls.append(f"configure {prepared.plan.name}")

    def state(self, _: str) -> State:
        return State()

    def stack(self, _: str) -> FakeWorkspace:
        return self

    def preview(self, program: Any, on_event: Any) -> None:
        self.calls.append("preview")
        on_event(begun("container", "api"))
        if self._then:
            self._then(program, on_event)


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prepared:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path / "home"))
    manifest = services("a: {kind: other, image: 'acme/a:1'}")
    source = Source(manifest, (), tmp_path / "galley.yaml", tmp_path)
    return Prepared(Request(tmp_path, branch="main"), source, Settings(), whole_plan())


def test_a_stack_that_was_made_for_it_is_gone_after_it(prepared: Prepared) -> None:
    workspace = FakeWorkspace()
    assert preview(workspace, FakeClient(), prepared) == [Step("create", "Container", "api")]
    assert workspace.calls == ["configure main-shop", "preview"]
    assert workspace.stacks == set()


def test_a_stack_that_was_there_stays(prepared: Prepared) -> None:
    workspace = FakeWorkspace("main-shop")
    preview(workspace, FakeClient(), prepared)
    assert workspace.stacks == {"main-shop"}


def fail(_: Any, on_event: Any) -> None:
    on_event(said("error: it broke"))
    raise CommandError("exit 1")


def test_a_failure_says_why_and_leaves_nothing(prepared: Prepared) -> None:
    workspace = FakeWorkspace(then=fail)
    with pytest.raises(PreviewError) as raised:
        preview(workspace, FakeClient(), prepared)
    assert str(raised.value) == "it broke"
    assert workspace.stacks == set()


def test_an_error_of_ours_stays_itself(prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object) -> None:
        raise MachineError("no engine")

    def cancelled(program: Any, _: Any) -> None:
        with pytest.raises(MachineError):
            program()
        raise CommandError("exit 1")

    monkeypatch.setattr("galley_iac.program.main.run", run)
    with pytest.raises(MachineError, match="no engine"):
        preview(FakeWorkspace(then=cancelled), FakeClient(), prepared)


def test_another_s_preview_is_not_touched(prepared: Prepared) -> None:
    foreign = {labels.PREVIEW: "main-shop", labels.IDENTITY: Identity("shop", branch="main").digest()}
    workspace = FakeWorkspace("main-shop")
    with pytest.raises(UsageError, match="already belongs to another"):
        preview(workspace, FakeClient(containers=[info("main-shop.api", foreign)]), prepared)
    assert workspace.calls == []
