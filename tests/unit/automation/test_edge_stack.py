"""What is said of an edge that could not be brought up."""

from __future__ import annotations

import pytest

from galley_iac.automation.edge.stack import failure
from galley_iac.errors import MachineError, PreviewError


@pytest.mark.parametrize(
    "said",
    [
        "Bind for 0.0.0.0:443 failed: port is already allocated",
        "listen tcp4 0.0.0.0:80: bind: address already in use",
    ],
)
def test_a_port_that_is_taken(said: str) -> None:
    error = failure("main", said)
    assert isinstance(error, MachineError)
    assert "another program has a port of edge main" in str(error)
    assert "--https-port" in str(error)


def test_anything_else_is_passed_on_with_a_remedy() -> None:
    error = failure("main", "pull access denied for caddy")
    assert isinstance(error, PreviewError)
    assert str(error).startswith("edge main:\npull access denied for caddy\n    check the image's name")
    assert "run the command again" in str(failure("main", "something else"))
