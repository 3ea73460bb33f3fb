"""Doors into the kernel that a sandbox keeps shut, knocked at by number."""
import ctypes
import errno
import os
import platform

from attempts import attempt, done

libc = ctypes.CDLL(None, use_errno=True)
NEW_USER = 0x10000000
# [x86-64, arm64], as in asm/unistd.h, with arguments that would work where the call is allowed.
CALLS = {
    "unshare": (272, 97, NEW_USER),
    "clone into a user namespace": (56, 220, NEW_USER | 17, 0, 0, 0, 0),
    "clone into a network namespace": (56, 220, 0x40000000 | 17, 0, 0, 0, 0),
    "clone3": (435, 435, 0, 0),
    "mount": (165, 40, b"none", b"/work", b"tmpfs", 0, 0),
    "ptrace": (101, 117, 16, 4_000_000, 0, 0),
    "keyctl": (250, 219, 0, 0, 0),
    "add_key": (248, 217, b"user", b"name", b"x", 1, -4),
    "bpf": (321, 280, 0, 0, 0),
    "perf_event_open": (298, 241, 0, 0, -1, -1, 0),
    "io_uring_setup": (425, 425, 1, 0),
    "userfaultfd": (323, 282, 1),
    "kexec_load": (246, 104, 0, 0, 0, 0),
    "init_module": (175, 105, 0, 0, b""),
    "open_by_handle_at": (304, 265, 0, 0, 0),
    "setns": (308, 268, 0, 0),
    "syslog": (103, 116, 10, 0, 0),
    "sethostname": (170, 161, b"x", 1),
    "clock_settime": (227, 112, 0, 0),
    "a call of the future": (4000, 4000),
}
which = 0 if platform.machine() == "x86_64" else 1


def knock(number, *arguments):
    result = libc.syscall(ctypes.c_long(number), *arguments)
    if result == 0 and os.getppid() != parent:
        os._exit(0)
    if result >= 0:
        return result
    code = ctypes.get_errno()
    if code in (errno.EPERM, errno.ENOSYS):
        raise OSError(code, os.strerror(code))
    return "reached the kernel: " + os.strerror(code)


parent = os.getppid()
for name, (x64, arm64, *arguments) in CALLS.items():
    attempt(name, lambda: knock((x64, arm64)[which], *arguments))


def as_x32():
    """The same processor, another set of numbers: a filter that knows one of them may forget the other."""
    child = os.fork()
    if child == 0:
        os._exit(0 if libc.syscall(ctypes.c_long(0x40000000 + 39)) >= 0 else 1)
    status = os.waitpid(child, 0)[1]
    if status != 0:
        raise OSError(f"ended with {status}")


if which == 0:
    attempt("getpid as x32", as_x32)
done()
