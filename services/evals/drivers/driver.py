"""Calls the code that is tested and tells what came of it.

Runs inside the sandbox as `python3 -I -c`, so there is no file of it that could be changed. It gets steps without what is
expected of them, and what it tells is only a claim: everything in here can be reached by the code that is tested.

Standard input: {"key": text, "testMs": number, "maxLate": number, "preload": [names], "tests": [{"module": path, "steps": [...]}]}.
Standard output: what the code prints, and one line for each step: key, space, JSON. Each test has a process of its own.
"""
import base64
import collections.abc
import dataclasses
import datetime
import decimal
import enum
import fractions
import importlib.util
import inspect
import json
import math
import os
import signal
import sys
import time
from collections import deque

MAX_DEPTH = 40
MAX_ITEMS = 20_000
MAX_TEXT = 200_000
MAX_SAFE = 2**53 - 1
write, dumps, monotonic = os.write, json.dumps, time.monotonic


class Form:
    """The JSON form of a value; docs/evals.md describes it."""

    def __init__(self):
        self.inside = []
        self.left = MAX_ITEMS

    def of(self, value, depth=0):
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            return {"$cut": True}
        if isinstance(value, enum.Enum):
            return self.of(value.value, depth)
        if value is None or isinstance(value, (bool, str)):
            return value if not isinstance(value, str) else str(value)
        if isinstance(value, int):
            return int(value) if abs(value) <= MAX_SAFE else {"$int": str(int(value))}
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else {"$float": special(value)}
        if isinstance(value, complex):
            return {"$complex": [self.of(value.real), self.of(value.imag)]}
        if isinstance(value, (bytes, bytearray, memoryview)):
            return {"$bytes": base64.b64encode(bytes(value)).decode()}
        if isinstance(value, (decimal.Decimal, fractions.Fraction)):
            return {"$number": str(value)}
        if isinstance(value, (datetime.date, datetime.time)):
            return {"$date": value.isoformat()}
        if any(value is outer for outer in self.inside):
            return {"$cycle": True}
        self.inside.append(value)
        try:
            return self.compound(value, depth + 1)
        finally:
            self.inside.pop()

    def compound(self, value, depth):
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {f.name: self.of(getattr(value, f.name), depth) for f in dataclasses.fields(value)}
        if isinstance(value, BaseException):
            return {"$error": type(value).__name__, "message": str(value)}
        if isinstance(value, collections.abc.Mapping):
            return self.mapping(list(value.items()), depth)
        if isinstance(value, collections.abc.Set):
            return sorted((self.of(item, depth) for item in value), key=sort_key)
        if isinstance(value, collections.abc.AsyncIterator):
            return self.listing(loop().run_until_complete(collect(value, self.left)), depth)
        if isinstance(
            value,
            (collections.abc.Sequence, collections.abc.Iterator, collections.abc.ValuesView, deque),
        ):
            return self.listing(value, depth)
        if callable(value):
            return {"$function": getattr(value, "__name__", "")}
        return {"$object": type(value).__name__}

    def listing(self, items, depth):
        out = []
        for item in items:
            if self.left < 0:
                out.append({"$cut": True})
                break
            out.append(self.of(item, depth))
        return out

    def mapping(self, pairs, depth):
        names = [key_text(key) for key, _ in pairs]
        if None in names or len(set(names)) != len(names):
            return {"$map": [[self.of(key, depth), self.of(item, depth)] for key, item in pairs]}
        return {name: self.of(item, depth) for name, (_, item) in zip(names, pairs)}


def special(value):
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def key_text(key):
    if isinstance(key, enum.Enum):
        key = key.value
    if isinstance(key, str):
        return str(key)
    if key is None or isinstance(key, (bool, int, float)):
        return dumps(key)
    return None


def sort_key(form):
    """Numbers by size, then everything else by its JSON: the same order as in the driver for JavaScript."""
    is_number = isinstance(form, (int, float)) and not isinstance(form, bool)
    return (0, form, "") if is_number else (1, 0, dumps(form, sort_keys=True))


async def collect(items, most):
    out = []
    async for item in items:
        out.append(item)
        if len(out) > most:
            break
    return out


def loop(kept=[]):
    if not kept:
        import asyncio  # takes longer than most tests, so it is read where it is needed

        kept.append(asyncio.new_event_loop())
        asyncio.set_event_loop(kept[0])
    return kept[0]


async def wait(value):
    return await value


def value_of(argument, names):
    """An argument as the code gets it."""
    if isinstance(argument, list):
        return [value_of(item, names) for item in argument]
    if not isinstance(argument, dict):
        return argument
    if len(argument) == 1:
        (kind, inner), = argument.items()
        if kind == "$ref":
            return names[inner]
        if kind == "$float":
            return float(inner)
        if kind == "$int":
            return int(inner)
        if kind == "$bytes":
            return base64.b64decode(inner)
        if kind == "$set":
            return {value_of(item, names) for item in inner}
        if kind == "$tuple":
            return tuple(value_of(item, names) for item in inner)
        if kind == "$map":
            return {value_of(key, names): value_of(item, names) for key, item in inner}
    return {key: value_of(item, names) for key, item in argument.items()}


def load(path):
    sys.path.insert(0, os.getcwd())
    sys.path.append(os.path.dirname(os.path.abspath(path)))
    if not os.path.isfile(path):
        raise ModuleNotFoundError("there is no file " + path)
    dotted = path[:-3].replace("/", ".")
    if path.endswith(".py") and all(part.isidentifier() for part in dotted.split(".")):
        # A file may be called as a module of Python that this program has read already.
        sys.modules.pop(dotted.split(".")[0], None)
        return importlib.import_module(dotted)
    spec = importlib.util.spec_from_file_location("candidate", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def do(step, module, names):
    owner = names[step["on"]] if step.get("on") else module
    found = getattr(owner, step["name"])
    if step["do"] != "get":
        args = [value_of(arg, names) for arg in step.get("args", [])]
        kwargs = {key: value_of(arg, names) for key, arg in (step.get("kwargs") or {}).items()}
        found = found(*args, **kwargs)
    return loop().run_until_complete(wait(found)) if inspect.isawaitable(found) else found


def told(error):
    trace = []
    frame = error.__traceback__
    while frame:
        trace.append([os.path.basename(frame.tb_frame.f_code.co_filename), frame.tb_lineno])
        frame = frame.tb_next
    where = [t for t in trace if t[0] != "<string>"][-1:]
    return {
        "throws": [kind.__name__ for kind in type(error).__mro__ if kind is not object],
        "message": str(error)[:2_000],
        "at": ("%s:%d" % tuple(where[0])) if where else None,
    }


def tell(key, line):
    text = dumps(line)
    if len(text) > MAX_TEXT:
        text = dumps({**{k: line[k] for k in ("t", "i")}, "value": {"$cut": True}})
    data = ("\n%s %s\n" % (key, text)).encode()
    while data:
        data = data[write(1, data):]


def attempt(what):
    try:
        return what()
    except BaseException as error:  # also SystemExit and KeyboardInterrupt
        try:
            return told(error)
        except BaseException:
            return {"throws": ["BaseException"], "message": "an error that cannot be told", "at": None}


def run(key, index, test):
    names = {}
    kept = []

    def first():
        kept.append(load(test["module"]))
        return {}

    line = attempt(first)
    tell(key, {"t": index, "i": -1, **line})
    if not kept:
        return
    for number, step in enumerate(test["steps"]):

        def one():
            value = do(step, kept[0], names)
            if step.get("as"):
                names[step["as"]] = value
                # An object is told by what it is: its form would use up an iterator that a later step is about.
                if step["do"] == "new" or isinstance(value, (collections.abc.Iterator, collections.abc.AsyncIterator)):
                    return {"value": {"$object": type(value).__name__}}
            return {"value": Form().of(value)}

        line = attempt(one)
        tell(key, {"t": index, "i": number, **line})


def one_test(key, index, test):
    os.setsid()
    try:
        run(key, index, test)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(0)


def ended(pid, until):
    """How it ended, or None when the time ran out."""
    pause = 0.0005
    while monotonic() < until:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return status
        time.sleep(pause)
        pause = min(pause * 1.5, 0.01)
    return None


def main():
    job = json.loads(sys.stdin.buffer.read())
    key = job["key"]
    late = 0
    for name in job["preload"]:
        importlib.import_module(name)
    for index, test in enumerate(job["tests"]):
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            one_test(key, index, test)
        status = ended(pid, monotonic() + job["testMs"] / 1000)
        try:
            os.killpg(pid, signal.SIGKILL)
        except OSError:
            pass
        if status is None:
            os.waitpid(pid, 0)
            late += 1
            tell(key, {"t": index, "i": -2, "end": "timeout"})
            if late >= job["maxLate"]:
                return
        else:
            tell(key, {"t": index, "i": -2, "end": os.waitstatus_to_exitcode(status)})


main()
