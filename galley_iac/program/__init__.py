"""The Pulumi program: configuration → plan → resources → outputs. ``pulumi up`` and ``galley up`` both run
it.
"""
