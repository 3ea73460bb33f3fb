"""Files of the host, by name and by every detour."""
import json
import os

from attempts import attempt, done

trap = json.loads(os.environ["TRAP"])
secret = trap["secret"]


def read(path):
    def action():
        with open(path, "rb") as file:
            return file.read(100)

    return action


for path in [
    secret,
    "/proc/1/root" + secret,
    "/proc/self/root" + secret,
    "/proc/self/cwd/../../.." + secret,
    f"/proc/{trap['supervisor']}/root" + secret,
    f"/proc/{trap['supervisor']}/environ",
    "../" * 40 + secret.lstrip("/"),
    "/etc/shadow",
    "/oldroot" + secret,
    "/proc/kcore",
    "/dev/mem",
    "/dev/sda",
    "/dev/vda",
    "/dev/kmsg",
]:
    attempt(path, read(path))
for folder in [os.path.dirname(secret), "/root", "/var/lib", "/run"]:
    attempt(folder, lambda: os.listdir(folder))
with open("/etc/passwd") as file:
    accounts = [line.split(":")[0] for line in file]
if accounts != ["root", "sandbox"]:
    print("DID read the accounts of the host", accounts)
done()
