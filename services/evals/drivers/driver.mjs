// Calls the code that is tested and tells what came of it.
//
// Runs inside the sandbox as `node --input-type=module -e`, so there is no file of it that could be changed. It gets steps
// without what is expected of them, and what it tells is only a claim: everything in here can be reached by the code that is
// tested.
//
// Standard input: {"key": text, "testMs": number, "maxLate": number, "tests": [{"module": path, "steps": [...]}]}.
// Standard output: what the code prints, and one line for each step: key, space, JSON. Each test has a thread of its own with
// modules of its own.
import { readFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Runs in the thread of a test; its text is what the thread is started with. */
async function inThread() {
  const { parentPort, workerData } = require('node:worker_threads');
  const { types } = require('node:util');
  const post = parentPort.postMessage.bind(parentPort);
  const stringify = JSON.stringify;
  const MAX_DEPTH = 40;
  const MAX_ITEMS = 20_000;
  const MAX_TEXT = 200_000;

  class Form {
    inside = [];
    left = MAX_ITEMS;

    of(value, depth = 0) {
      this.left -= 1;
      if (this.left < 0 || depth > MAX_DEPTH) return { $cut: true };
      switch (typeof value) {
        case 'undefined':
          return null;
        case 'boolean':
        case 'string':
          return value;
        case 'number':
          return Number.isFinite(value) ? value : { $float: String(value) };
        case 'bigint':
          return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
            ? Number(value)
            : { $int: String(value) };
        case 'symbol':
          return { $symbol: value.description ?? '' };
        case 'function':
          return { $function: value.name };
      }
      if (value === null) return null;
      if (this.inside.includes(value)) return { $cycle: true };
      this.inside.push(value);
      const form = this.compound(value, depth + 1);
      this.inside.pop();
      return form;
    }

    compound(value, depth) {
      if (types.isBoxedPrimitive(value)) return this.of(value.valueOf(), depth);
      if (types.isDate(value))
        return { $date: Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString() };
      if (types.isRegExp(value)) return { $regexp: String(value) };
      if (types.isNativeError(value) || value instanceof Error)
        return { $error: String(value.name), message: String(value.message) };
      if (types.isUint8Array(value)) return { $bytes: Buffer.from(value).toString('base64') };
      if (types.isAnyArrayBuffer(value)) return { $bytes: Buffer.from(value).toString('base64') };
      if (Array.isArray(value) || types.isTypedArray(value)) return this.listing(value, depth);
      if (types.isMap(value)) return this.mapping([...value], depth);
      if (types.isSet(value)) return this.listing(value, depth).sort(inOrder);
      if (isIterator(value)) return this.listing(value, depth);
      const out = {};
      for (const key of Object.keys(value)) {
        const inner = value[key];
        if (inner === undefined || typeof inner === 'function') continue;
        define(out, key, this.of(inner, depth));
        if (this.left < 0) break;
      }
      return out;
    }

    listing(items, depth) {
      const out = [];
      for (const item of items) {
        if (this.left < 0) {
          out.push({ $cut: true });
          break;
        }
        out.push(this.of(item, depth));
      }
      return out;
    }

    mapping(pairs, depth) {
      const names = pairs.map(([key]) => (isPlain(key) ? String(key) : null));
      if (names.includes(null) || new Set(names).size !== names.length)
        return { $map: pairs.map(([key, item]) => [this.of(key, depth), this.of(item, depth)]) };
      const out = {};
      pairs.forEach(([, item], index) => define(out, names[index], this.of(item, depth)));
      return out;
    }
  }

  const isPlain = (key) => key === null || ['string', 'number', 'boolean'].includes(typeof key);
  const isIterator = (value) =>
    typeof value.next === 'function' && typeof value[Symbol.iterator] === 'function';
  const isAsyncIterator = (value) =>
    typeof value === 'object' && value !== null && typeof value[Symbol.asyncIterator] === 'function';
  /** As an own property, also where it is called __proto__. */
  const define = (out, key, value) =>
    Object.defineProperty(out, key, { value, enumerable: true, configurable: true, writable: true });

  /** Numbers by size, then everything else by its JSON: the same order as in the driver for Python. */
  function inOrder(a, b) {
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    if (typeof a === 'number') return -1;
    if (typeof b === 'number') return 1;
    const [x, y] = [stringify(a), stringify(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  }

  /** An argument as the code gets it. */
  function valueOf(argument, names) {
    if (Array.isArray(argument)) return argument.map((item) => valueOf(item, names));
    if (typeof argument !== 'object' || argument === null) return argument;
    const keys = Object.keys(argument);
    if (keys.length === 1) {
      const inner = argument[keys[0]];
      switch (keys[0]) {
        case '$ref':
          if (!names.has(inner)) throw new ReferenceError(`nothing is kept as ${inner}`);
          return names.get(inner);
        case '$float':
          return Number(inner);
        case '$int':
          return BigInt(inner);
        case '$bytes':
          return new Uint8Array(Buffer.from(inner, 'base64'));
        case '$set':
          return new Set(inner.map((item) => valueOf(item, names)));
        case '$tuple':
          return inner.map((item) => valueOf(item, names));
        case '$map':
          return new Map(inner.map(([key, item]) => [valueOf(key, names), valueOf(item, names)]));
      }
    }
    const out = {};
    for (const key of keys) define(out, key, valueOf(argument[key], names));
    return out;
  }

  function told(error) {
    const throws = [];
    if (typeof error === 'object' && error !== null) {
      if (typeof error.name === 'string') throws.push(error.name);
      for (
        let at = Object.getPrototypeOf(error);
        at && at !== Object.prototype;
        at = Object.getPrototypeOf(at)
      ) {
        const name = at.constructor?.name;
        if (typeof name === 'string' && !throws.includes(name)) throws.push(name);
      }
    }
    const stack = typeof error?.stack === 'string' ? error.stack : '';
    return {
      throws: throws.slice(0, 20),
      message: String(typeof error === 'object' && error !== null ? error.message : error).slice(0, 2_000),
      at: /file:\/\/\S*\/work\/(\S+?:\d+)/.exec(stack)?.[1] ?? /\/work\/(\S+?:\d+)/.exec(stack)?.[1] ?? null,
    };
  }

  function tell(line) {
    let text = stringify(line);
    if (text.length > MAX_TEXT) text = stringify({ t: line.t, i: line.i, value: { $cut: true } });
    post(text);
  }

  async function attempt(what) {
    try {
      return await what();
    } catch (error) {
      try {
        return told(error);
      } catch {
        return { throws: [], message: 'an error that cannot be told', at: null };
      }
    }
  }

  function member(owner, name, isModule) {
    if (!isModule) return owner[name];
    if (name in owner) return owner[name];
    const main = owner.default;
    if (main !== null && (typeof main === 'object' || typeof main === 'function')) {
      if (name in main) return main[name];
      if (typeof main === 'function' && main.name === name) return main;
    }
    return undefined;
  }

  async function one(step, module, names) {
    if (step.on !== undefined && !names.has(step.on))
      throw new ReferenceError(`nothing is kept as ${step.on}`);
    const owner = step.on === undefined ? module : names.get(step.on);
    const found = member(owner, step.name, step.on === undefined);
    let value;
    if (step.do === 'get') value = await found;
    else {
      if (typeof found !== 'function') throw new TypeError(`there is no function ${step.name}`);
      const args = (step.args ?? []).map((arg) => valueOf(arg, names));
      value = step.do === 'new' ? new found(...args) : await Reflect.apply(found, owner, args);
    }
    if (step.as !== undefined) {
      names.set(step.as, value);
      // An object is told by what it is: its form would use up an iterator that a later step is about.
      if (
        step.do === 'new' ||
        isAsyncIterator(value) ||
        (typeof value === 'object' && value && isIterator(value))
      )
        return { value: { $object: value.constructor?.name ?? '' } };
    }
    if (isAsyncIterator(value)) {
      const items = [];
      for await (const item of value) if (items.push(item) > MAX_ITEMS) break;
      value = items;
    }
    return { value: new Form().of(value) };
  }

  const { index, url, steps } = workerData;
  let module;
  const loaded = await attempt(async () => {
    module = await import(url);
    return {};
  });
  tell({ t: index, i: -1, ...loaded });
  if (module === undefined) return;
  const names = new Map();
  for (const [number, step] of steps.entries())
    tell({ t: index, i: number, ...(await attempt(() => one(step, module, names))) });
  post(null);
}

/** Its lines, then how it ended: 0 where all steps were told, else the thread's exit code or the words of its error. */
function runTest(index, test, testMs, tell) {
  return new Promise((done) => {
    const worker = new Worker(`(${inThread})();`, {
      eval: true,
      execArgv: ['--no-warnings'],
      workerData: { index, url: pathToFileURL(resolve(test.module)).href, steps: test.steps },
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    let end = null;
    const timer = setTimeout(() => finish('timeout'), testMs);
    function finish(how) {
      if (end !== null) return;
      end = how;
      clearTimeout(timer);
      // What was printed is still on its way.
      setImmediate(() => void worker.terminate().then(() => done(end)));
    }
    worker.on('message', (text) => (text === null ? finish(0) : tell(String(text))));
    worker.on('error', (error) =>
      finish(
        error?.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'oom' : String(error?.message ?? error).slice(0, 500),
      ),
    );
    worker.on('exit', (code) => finish(`exit ${code}`));
  });
}

function writeAll(text) {
  let data = Buffer.from(text);
  while (data.length > 0) {
    try {
      data = data.subarray(writeSync(1, data));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

const job = JSON.parse(readFileSync(0, 'utf8'));
let late = 0;
for (const [index, test] of job.tests.entries()) {
  const end = await runTest(index, test, job.testMs, (text) => writeAll(`\n${job.key} ${text}\n`));
  writeAll(`\n${job.key} ${JSON.stringify({ t: index, i: -2, end })}\n`);
  if (end === 'timeout' && ++late >= job.maxLate) break;
}
process.exit(0);
