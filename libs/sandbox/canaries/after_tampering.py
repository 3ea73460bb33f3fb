"""Runs after tampering.py: everything must be as it was handed in."""
import os

from attempts import done

with open("driver.py") as file:
    print(file.read())
for folder in ("/tmp", "/dev/shm"):
    if os.path.isdir(folder) and os.listdir(folder):
        print("DID find", os.listdir(folder))
done()
