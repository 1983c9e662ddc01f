"""The preview as resources of the Docker provider.

One component is the parent of everything. Names of resources are stable (a service's own name), Docker's
names are ``<preview>.<service>``: neither part can hold a dot, so no two previews can ever mean the same
object.
"""

from __future__ import annotations

from galley_iac.targets.docker.declare import declare

__all__ = ["declare"]
