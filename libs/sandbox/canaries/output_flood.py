"""1 GB of output."""
import os

block = b"x" * 1_000_000
for _ in range(1_000):
    os.write(1, block)
print("survived")
