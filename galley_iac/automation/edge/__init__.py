"""An edge's ``up`` and ``down``: a Pulumi project of its own beside the previews' (docs/edge.md)."""
