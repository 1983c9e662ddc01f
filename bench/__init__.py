"""The benchmark: the same applications brought up by several contenders, on one machine, in one run.

``python -m bench --help``; docs/bench.md says what is measured and how to read it.
"""
