"""What the rules have in common."""

from __future__ import annotations

from pathlib import Path

from galley_iac.policy import violations
from galley_iac.policy.docker import CONTAINER as KIND
from galley_iac.policy.model import UNKNOWN
from galley_iac.policy.rules import RULES
from tests.unit.policy.samples import CONTAINER, POD, changed

PAGE = Path(__file__).parents[3] / "docs" / "policy.md"


def test_what_is_not_known_yet_is_not_judged() -> None:
    """Before an update nobody knows the id of an image that is yet to be built."""
    assert violations(KIND, "api", changed(CONTAINER, "image", UNKNOWN), ()) == []
    inputs = changed(POD, "spec.containers.0.image", UNKNOWN)
    inputs["spec"]["containers"][0]["security_context"] = UNKNOWN
    assert violations("kubernetes:core/v1:Pod", "api", inputs, ()) == []


def test_the_page_has_every_rule_in_its_own_words() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    for rule in RULES:
        assert f"| `{rule.__name__}` | {str(rule.__doc__).rstrip('.')} |" in page
