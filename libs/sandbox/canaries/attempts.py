"""Says of each attempt whether it worked: `DID name result`, or `refused name reason`."""
import sys


def attempt(name, action):
    try:
        result = action()
    except BaseException as error:
        print("refused", name, repr(error)[:200])
    else:
        print("DID", name, repr(result)[:200])
    sys.stdout.flush()


def done():
    print("done")
    sys.stdout.flush()
