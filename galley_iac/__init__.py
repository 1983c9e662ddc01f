"""Preview environments per branch: a Pulumi program that reads ``galley.yaml``."""

__version__ = "0.1.0"
