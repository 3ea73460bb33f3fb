"""What /proc offers: memory, descriptors and settings of others."""
import json
import os

from attempts import attempt, done


def opened(path, mode):
    def action():
        with open(path, mode) as file:
            if "r" in mode:
                return file.read(20)
            return file.write(b"0")

    return action


for path in ["/proc/sys/kernel/hostname", "/proc/sys/user/max_user_namespaces", "/proc/sys/kernel/randomize_va_space", "/proc/sys/net/ipv4/ip_forward", "/proc/irq/default_smp_affinity"]:
    attempt(f"write {path}", opened(path, "wb"))
if json.loads(os.environ["TRAP"])["watched"]:
    for path in ["/proc/1/mem", "/proc/1/task/1/mem", "/proc/self/../1/mem"]:
        attempt(f"open {path}", lambda: open(path, "r+b").close())
for path in ["/proc/kmsg", "/proc/vmallocinfo"]:
    attempt(f"read {path}", opened(path, "rb"))
others = [name for name in os.listdir("/proc") if name.isdigit() and int(name) not in (1, os.getpid(), os.getppid())]
if others:
    print("DID see other processes", others)
# Nothing that was open outside came in with us; what is no number any more is the listing itself.
for name in os.listdir("/proc/self/fd"):
    try:
        target = os.readlink(f"/proc/self/fd/{name}")
    except OSError:
        continue
    if int(name) > 2 and target != "/dev/null":
        print("DID inherit", name, target)
with open("/proc/self/mountinfo") as file:
    writable = [line.split()[4] for line in file if line.split()[5].startswith("rw")]
print("writable", writable)
done()
