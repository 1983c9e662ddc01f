"""The repository at hand: its manifest, its git identity, its build contexts. The edge that reads files."""
