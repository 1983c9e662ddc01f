"""Node: package.json with npm, pnpm or Yarn; a server, or a front end that is built and then served by
Caddy.
"""

from __future__ import annotations

from galley_iac.buildpack.node.package import matters, recognises
from galley_iac.buildpack.node.render import application

__all__ = ["application", "matters", "recognises"]
