"""Hostile input: whatever is read, the answer is a value or the one documented error, and soon.

``GALLEY_FUZZ_EXAMPLES`` sets how many cases each test tries (default 300). ``python -m tests.fuzz.guided``
goes on for as long as it is told, guided by coverage, where atheris is installed.
"""
