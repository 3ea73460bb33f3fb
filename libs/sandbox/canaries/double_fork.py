"""A daemon that ignores every polite signal, keeps the output open, and outlives its parent."""
import os
import signal
import sys
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        time.sleep(600)
        os._exit(0)
    os._exit(0)
os.wait()
print("parent ends", flush=True)
if "--stay" in sys.argv:
    time.sleep(600)
