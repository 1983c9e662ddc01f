"""A preview on a cluster, as the commands work on it: as :mod:`galley_iac.automation` does on Docker.

Pulumi, its locks and repairs are the same; what differs is whom to ask how a service is, and how an update
that cannot succeed is ended.
"""
