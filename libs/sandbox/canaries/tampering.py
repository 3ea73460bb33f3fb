"""Rewrites what tests are made of: its driver, the library, what the next run would find."""
import json
import os
import sys

from attempts import attempt, done


def write(path):
    def action():
        with open(path, "w") as file:
            return file.write("raise SystemExit(0)")

    return action


for path in [json.__file__, os.__file__, "/usr/lib/python3.13/sitecustomize.py", "/usr/lib/python3/dist-packages/x.pth"]:
    attempt(f"write {path}", write(path))
# Its own copy it may spoil; the next run has a new one.
for path in ["driver.py", "attempts.py", "/tmp/driver.py", "/dev/shm/driver.py"]:
    try:
        write(path)()
    except OSError:
        pass
done()
