"""Counts the words of texts: an API that accepts them and a worker that does the counting."""
