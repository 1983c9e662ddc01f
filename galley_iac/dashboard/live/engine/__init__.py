"""Previews on a Docker engine."""
