"""Counts how many processes it may have."""
import os
import signal

children = []
while len(children) < 500:
    try:
        child = os.fork()
    except OSError:
        break
    if child == 0:
        signal.pause()
        os._exit(0)
    children.append(child)
print("processes", len(children) + 1)
