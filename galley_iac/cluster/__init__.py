"""The edge to a Kubernetes cluster: what of a preview lives there, read through its API as plain JSON."""
