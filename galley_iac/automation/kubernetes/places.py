"""On which cluster a preview is, if on any: as its configuration says, else its state."""

from __future__ import annotations

from galley_iac.automation.configuration import PROJECT_SETTINGS, config_file, own_settings
from galley_iac.automation.state import State
from galley_iac.cluster.client import Api, Client
from galley_iac.errors import UsageError
from galley_iac.plan.cluster import Target
from galley_iac.request import Prepared

_TARGET, _CONTEXT = "target", "kubeContext"


def context_of(preview: str, state: State | None = None) -> str | None:
    """The kubeconfig's context, empty for the current one; None for a preview on Docker.

    The configuration of a preview that was brought up elsewhere is not here: then its state has to say it.
    """
    if state is not None and state.cluster is not None:
        return state.cluster
    file = config_file(preview)
    texts = {**(file.config().get(PROJECT_SETTINGS) or {}), **own_settings(file)}
    return str(texts.get(_CONTEXT, "")) if texts.get(_TARGET) == Target.KUBERNETES else None


def cluster_of(preview: str, state: State | None = None) -> Api | None:
    """A connection to the preview's cluster; None for a preview on Docker."""
    context = context_of(preview, state)
    return None if context is None else Client(context)


def refuse_other(prepared: Prepared, state: State) -> None:
    """A preview stays where it was brought up: elsewhere nothing would be known of what it left."""
    wanted, name = prepared.settings.cluster, prepared.plan.name
    if state.ids and wanted:
        there = "the Docker engine"
    elif state.cluster is not None and (wanted is None or wanted.context != state.cluster):
        there = f"the cluster {state.cluster or 'of the current context'}"
    else:
        return
    raise UsageError(f"{name} lives on {there}", f"take it down there first: `galley down --name {name}`")
