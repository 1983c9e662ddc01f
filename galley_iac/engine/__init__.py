"""The Docker engine at hand: what lives on it, and what of it is free. The edge that talks to a daemon."""
