"""A package that is installed: its version is known only then."""
