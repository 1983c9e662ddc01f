"""The preview as objects of a Kubernetes cluster.

A namespace of the preview's own name holds everything, so objects have the services' plain names: two
previews can never mean the same object, and removing the namespace removes all there is. One component is
the parent.
"""

from __future__ import annotations

from galley_iac.targets.kubernetes.declare import declare

__all__ = ["declare"]
