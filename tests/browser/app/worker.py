"""Works until it gets SIGUSR1: then it fails as a program does, with a traceback and exit code 1."""

import signal
import time


def work(number):
    if number < 0:
        raise RuntimeError("the broker sent a task that no worker knows")


def fail(*_):
    work(-1)


signal.signal(signal.SIGUSR1, fail)
print("INFO worker is ready", flush=True)
while True:
    time.sleep(0.2)
