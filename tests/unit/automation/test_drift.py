"""What a comparison with the engine says of a resource."""

from __future__ import annotations

from typing import Any

from pulumi.automation import StepEventMetadata
from pulumi.automation.events import StepEventStateMetadata

from galley_iac.automation.drift import _difference
from galley_iac.masking import MASK, Masker

URN = "urn:pulumi:main-shop::galley::galley:index:Preview$docker:index/container:Container::api"
TYPE = "docker:index/container:Container"


def step(op: str, *diffs: str, old: dict[str, Any], new: dict[str, Any] | None) -> StepEventMetadata:
    def state(outputs: dict[str, Any]) -> StepEventStateMetadata:
        return StepEventStateMetadata(TYPE, URN, "id", "", "", inputs={}, outputs=outputs)

    return StepEventMetadata(
        op, URN, TYPE, "", old=state(old), new=state(new) if new is not None else None, diffs=list(diffs)
    )


def words(found: StepEventMetadata, *secrets: str) -> str:
    return str(_difference(found, Masker(secrets)))


def test_a_changed_property_is_shown_with_both_values() -> None:
    found = step("update", "mustRun", "memory", old={"memory": 64, "mustRun": True}, new={"memory": 32})
    assert words(found) == "container api: changed (memory: 64 → 32, running: yes → )"


def test_what_is_gone_is_missing() -> None:
    assert words(step("delete", "image", old={"image": "a"}, new=None)) == "container api: missing"


def test_an_environment_is_named_and_not_shown_and_a_secret_is_masked() -> None:
    old, new = {"envs": ["KEY=hunter2222"], "user": "u"}, {"envs": [], "user": "hunter2222"}
    found = step("update", "envs", "user", old=old, new=new)
    assert words(found, "hunter2222") == f"container api: changed (envs, user: u → {MASK})"
