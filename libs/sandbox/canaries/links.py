"""Symbolic and hard links as a way out of the work folder."""
import json
import os

from attempts import attempt, done

trap = json.loads(os.environ["TRAP"])
secret = trap["secret"]


def read(path):
    with open(path, "rb") as file:
        return file.read(100)


os.symlink(secret, "link")
attempt("read through a link", lambda: read("link"))
attempt("write through a link", lambda: open("link", "w"))
os.symlink(os.path.dirname(secret), "folder")
attempt("list through a link", lambda: os.listdir("folder"))
os.symlink("../" * 40 + secret.lstrip("/"), "relative")
attempt("read through a relative link", lambda: read("relative"))
os.symlink("/proc/1/root" + secret, "magic")
attempt("read through /proc", lambda: read("magic"))
attempt("hard link to the root file system", lambda: os.link("/etc/passwd", "hard"))
attempt("hard link to the host", lambda: os.link(secret, "hard"))
attempt("hard link to a device", lambda: os.link("/dev/null", "hard"))
attempt("chroot", lambda: os.chroot("/work"))
folder = os.open("/", os.O_RDONLY)
attempt("above the root", lambda: read(f"/proc/self/fd/{folder}/../../..{secret}"))
done()
