"""Signals to others, and debugging them."""
import ctypes
import json
import os
import signal

from attempts import attempt, done

trap = json.loads(os.environ["TRAP"])
libc = ctypes.CDLL(None, use_errno=True)
ATTACH, SEIZE = 16, 0x4206


def call(function, *arguments):
    result = function(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


for name in ("victim", "supervisor"):
    pid = trap[name]
    if os.path.exists(f"/proc/{pid}/stat"):
        # A process of this sandbox that happens to have the number.
        continue
    attempt(f"signal to the {name}", lambda: os.kill(pid, signal.SIGTERM))
    attempt(f"ptrace of the {name}", lambda: call(libc.ptrace, ATTACH, pid, None, None))
    attempt(f"handle of the {name}", lambda: os.pidfd_open(pid))
    attempt(f"priority of the {name}", lambda: os.setpriority(os.PRIO_PROCESS, pid, 19))
attempt("ptrace of the first process", lambda: call(libc.ptrace, SEIZE, 1, None, None))
child = os.fork()
if child == 0:
    signal.pause()
attempt("ptrace of a child", lambda: call(libc.ptrace, ATTACH, child, None, None))
attempt("memory of a child", lambda: call(libc.process_vm_readv, child, None, 0, None, 0, 0))
os.kill(child, signal.SIGKILL)
# Everybody that it may reach: the first process is not to end of it, and nobody outside is to notice.
try:
    os.kill(-1, signal.SIGTERM)
    os.kill(1, signal.SIGKILL)
except OSError:
    pass
done()
