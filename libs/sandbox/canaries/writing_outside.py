"""Leaves a file wherever it can, except where it may."""
import json
import os

from attempts import attempt, done

trap = json.loads(os.environ["TRAP"])
name = trap["token"]


def write(path):
    def action():
        with open(path, "w") as file:
            return file.write(name)

    return action


for folder in ["", "/usr", "/usr/bin", "/usr/lib", "/etc", "/dev", "/dev/pts", "/proc", "/proc/self", "/sys", "/run", "/var", "/root", "/home", os.path.dirname(trap["secret"])]:
    attempt(f"write in {folder}/", write(f"{folder}/{name}"))
    attempt(f"folder in {folder}/", lambda: os.mkdir(f"{folder}/{name}-folder"))
for path in ["/usr/bin/python3.13", "/etc/passwd", "/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches", "/proc/sysrq-trigger", trap["secret"]]:
    attempt(f"write {path}", write(path))
attempt("chmod", lambda: os.chmod("/usr/bin/python3.13", 0o777))
attempt("chown", lambda: os.chown("/work", 0, 0))
attempt("remove", lambda: os.unlink("/etc/passwd"))
attempt("rename", lambda: os.rename("/usr/bin/dash", "/usr/bin/bash"))
attempt("device", lambda: os.mknod("/work/disk", 0o60666, os.makedev(254, 0)))
done()
