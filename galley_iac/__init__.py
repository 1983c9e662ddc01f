"""Preview environments per branch: a Pulumi program that reads ``galley.yaml``."""
