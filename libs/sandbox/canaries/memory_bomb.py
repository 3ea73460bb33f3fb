"""Several processes, each below the limit, that take more than it together."""
import os

for _ in range(3):
    if os.fork() == 0:
        break
kept = []
while True:
    kept.append(b"x" * 1_000_000)
    if len(kept) > 5_000:
        break
print("survived")
