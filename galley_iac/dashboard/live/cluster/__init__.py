"""Previews on a Kubernetes cluster."""
