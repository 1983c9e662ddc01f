"""Plan → Pulumi resources. Only the modules of this folder import a provider."""
