"""Writes a hundred thousand lines and stays."""

import signal
import sys

LEVELS = ("INFO", "INFO", "DEBUG", "INFO", "WARNING", "INFO", "ERROR")
for number in range(100_000):
    sys.stdout.write(f"{LEVELS[number % 7]} line {number} of a log that is long\n")
sys.stdout.flush()
signal.pause()
