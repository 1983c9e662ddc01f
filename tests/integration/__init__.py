"""The real command, the real plugins, and a real Docker engine: our own unless a variable names another."""
