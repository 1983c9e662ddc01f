"""A namespace that is another's, or nobody's of ours, is never touched."""

from __future__ import annotations

import pytest

from galley_iac.cluster.live import Live
from galley_iac.cluster.ownership import refuse_foreign
from galley_iac.errors import UsageError
from galley_iac.plan.identity import Identity

MAIN = Identity("shop", branch="main")


def namespace(**labels: str) -> Live:
    return Live({"metadata": {"name": "main-shop", "labels": labels}})


def test_one_s_own_and_none_at_all() -> None:
    refuse_foreign("main-shop", MAIN, Live())
    refuse_foreign("main-shop", MAIN, namespace(**{"galley.identity": MAIN.digest()}))


def test_another_branch_s() -> None:
    other = Identity("shop", branch="Main")
    with pytest.raises(UsageError, match="already belongs to another branch"):
        refuse_foreign("main-shop", MAIN, namespace(**{"galley.identity": other.digest()}))


def test_a_namespace_of_the_cluster_s_own() -> None:
    with pytest.raises(UsageError, match="has a namespace kube-system that is no preview's"):
        refuse_foreign("kube-system", MAIN, namespace(**{"kubernetes.io/metadata.name": "kube-system"}))
