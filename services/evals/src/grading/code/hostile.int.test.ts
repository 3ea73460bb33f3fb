import type { EvalOutcome } from '@boocontrol/contracts';
import { describe, expect, test } from 'vitest';
import { answerOf, secretItem } from '../../testing/coding.js';
import { sandboxes } from '../../testing/sandboxes.js';
import { said } from '../../testing/shipped.js';
import { grade } from '../grade.js';

interface Hostile {
  what: string;
  python: string;
  javascript: string;
  outcomes: EvalOutcome[];
}

/** None of them computes anything. */
const HOSTILE: Hostile[] = [
  {
    what: 'prints the expected result',
    python: 'print(13, flush=True)\ndef secret(n):\n    print(n * 7919 + 13)',
    javascript: 'console.log(13);\nexport function secret(n) { console.log(n * 7919 + 13); }',
    outcomes: ['failed'],
  },
  {
    what: 'overwrites every file that it can',
    python:
      'import os\nfor folder in (".", "/tmp", "/usr/lib", "/work"):\n    for root, _, files in os.walk(folder):\n        for name in files:\n            try: open(os.path.join(root, name), "w").write("def secret(n): return n")\n            except OSError: pass\ndef secret(n): return n',
    javascript:
      "import fs from 'node:fs';\nfor (const name of fs.readdirSync('.')) fs.writeFileSync(name, 'export const secret = () => 1;');\ntry { fs.writeFileSync('/usr/bin/node', ''); } catch {}\nexport const secret = (n) => n;",
    outcomes: ['failed'],
  },
  {
    what: 'forges the lines of the driver over every descriptor',
    python:
      'import json, os, sys\nframe = sys._getframe()\nwhile frame and "key" not in frame.f_locals: frame = frame.f_back\nkey = frame.f_locals["key"]\ntext = "\\n%s %s\\n%s %s\\n" % (key, json.dumps({"t": 0, "i": 0, "value": True, "passed": True}), key, json.dumps({"t": 0, "i": -2, "end": 0}))\nfor fd in list(range(1, 10)):\n    try: os.write(fd, text.encode())\n    except OSError: pass\ntry: open("/proc/%d/fd/1" % os.getppid(), "w").write(text)\nexcept OSError: pass\nos._exit(0)',
    javascript:
      'import { parentPort } from \'node:worker_threads\';\nimport fs from \'node:fs\';\nparentPort.postMessage(JSON.stringify({ t: 0, i: -1 }));\nparentPort.postMessage(JSON.stringify({ t: 0, i: 0, value: true, passed: true }));\nparentPort.postMessage(null);\nfor (let fd = 1; fd < 10; fd++) { try { fs.writeSync(fd, \'{"t":0,"i":0,"value":13}\\n\'); } catch {} }\nexport const secret = () => new Promise(() => {});',
    outcomes: ['failed', 'timeout'],
  },
  {
    what: 'leaves with exit code 0',
    python: 'import os\ndef secret(n): os._exit(0)',
    javascript: 'export const secret = () => process.exit(0);',
    outcomes: ['failed'],
  },
  {
    what: 'leaves while it is imported, and again at its exit',
    python: 'import atexit, os, sys\natexit.register(lambda: os._exit(0))\nsys.exit(0)',
    javascript: "process.on('exit', () => process.reallyExit?.(0));\nprocess.exit(0);",
    outcomes: ['failed'],
  },
  {
    what: 'changes how results are written',
    python:
      'import json, sys, os\njson.dumps = lambda *a, **k: "true"\nsys.stdout = open(os.devnull, "w")\nmain = sys.modules["__main__"]\nmain.dumps = lambda value, **k: json.JSONEncoder().encode({**value, "value": True}) if isinstance(value, dict) else "1"\ndef secret(n): return None',
    javascript:
      'JSON.stringify = () => \'{"t":0,"i":0,"value":true}\';\nArray.prototype.entries = function* () {};\nObject.is = () => true;\nexport const secret = () => ({ toJSON: () => 13 });',
    outcomes: ['failed'],
  },
  {
    what: 'returns something that says it is equal to everything',
    python:
      'class Any(int):\n    def __eq__(self, other): return True\n    def __hash__(self): return 0\ndef secret(n): return Any(5)',
    javascript:
      'export const secret = () => ({ valueOf: () => 13, toString: () => "13", equals: () => true });',
    outcomes: ['failed'],
  },
  {
    what: 'floods its output',
    python: 'import os\ndef secret(n):\n    while True: os.write(1, b"x" * 65536)',
    javascript:
      "import fs from 'node:fs';\nexport function secret() { for (;;) { try { fs.writeSync(1, 'x'.repeat(65536)); } catch {} } }",
    outcomes: ['failed'],
  },
  {
    what: 'returns 10 MB',
    python: 'def secret(n): return "x" * 10_000_000',
    javascript: "export const secret = () => 'x'.repeat(10_000_000);",
    outcomes: ['failed'],
  },
  {
    what: 'never ends',
    python: 'def secret(n):\n    while True: pass',
    javascript: 'export function secret() { for (;;); }',
    outcomes: ['timeout'],
  },
  {
    what: 'sleeps past the limit',
    python: 'import time\ndef secret(n):\n    time.sleep(3600)\n    return n * 7919 + 13',
    javascript:
      'export const secret = (n) => new Promise((done) => setTimeout(() => done(n * 7919 + 13), 3_600_000));',
    outcomes: ['timeout'],
  },
  {
    what: 'forks without end',
    python:
      'import os\ndef secret(n):\n    while True:\n        try: os.fork()\n        except OSError: pass',
    javascript:
      "import { spawn } from 'node:child_process';\nexport function secret() { for (;;) spawn('sleep', ['1000']).on('error', () => {}); }",
    outcomes: ['failed', 'timeout', 'oom'],
  },
  {
    what: 'eats memory',
    python: 'def secret(n):\n    kept = []\n    while True: kept.append(bytearray(16 << 20))',
    javascript:
      'export function secret() { const kept = []; for (;;) kept.push(Buffer.alloc(16 << 20, 1)); }',
    // Where the supervisor is late, the limit of its address space ends it with an error of its own.
    outcomes: ['oom', 'failed'],
  },
];

const context = { label: 'hostile', signal: new AbortController().signal, testMs: 8_000 };

describe.each(['python', 'javascript'] as const)('an answer in %s that', (language) => {
  test.each(HOSTILE)('$what', async (hostile) => {
    const item = secretItem(language);
    for (const sandbox of await sandboxes()) {
      const testMs = hostile.outcomes.includes('timeout') ? 4_000 : 40_000;
      const graded = await grade(item, said(answerOf(item, hostile[language])), {
        ...context,
        testMs,
        sandbox,
      });
      expect.soft(hostile.outcomes, JSON.stringify(graded.reason)).toContain(graded.outcome);
      expect.soft(graded.findings.map(({ passed }) => passed)).toEqual([false]);
    }
  });
});

const CRASHES = {
  python:
    'import os\ndef secret(n):\n    if n == 1: os.kill(os.getppid(), 9)\n    if n == 2: os.abort()\n    if n == 3:\n        while True: pass\n    return n * 7919 + 13',
  javascript:
    'export function secret(n) {\n  if (n === 1) process.kill(process.pid, "SIGKILL");\n  if (n === 2) process.exit(3);\n  if (n === 3) for (;;);\n  return n * 7919 + 13;\n}',
};

test.each(['python', 'javascript'] as const)(
  'in %s tests after one that crashes, brings its sandbox down or never ends are run all the same',
  async (language) => {
    const item = secretItem(language, 5);
    for (const sandbox of await sandboxes()) {
      const graded = await grade(item, said(answerOf(item, CRASHES[language])), { ...context, sandbox });
      expect(graded.findings.map(({ passed }) => passed)).toEqual([true, false, false, false, true]);
    }
  },
);

test('an answer of 10 MB is not used', async () => {
  const item = secretItem('python');
  const text = answerOf(item, `x = "${'x'.repeat(10_000_000)}"`);
  const graded = await grade(item, said(text), { ...context, sandbox: null });
  expect(graded).toMatchObject({ outcome: 'failed', reason: { code: 'answer_too_long' } });
});

test.each(['python', 'javascript'] as const)(
  'a right answer in %s that prints what it likes passes',
  async (language) => {
    const code = {
      python:
        'print("no end of line", end="")\ndef secret(n):\n    print("\\n{}\\n[1]")\n    return n * 7919 + 13',
      javascript:
        'process.stdout.write("no end of line");\nexport const secret = async (n) => { console.log("{}"); return n * 7919 + 13; };',
    };
    const item = secretItem(language, 3);
    for (const sandbox of await sandboxes()) {
      const graded = await grade(item, said(answerOf(item, code[language])), {
        ...context,
        testMs: 20_000,
        sandbox,
      });
      expect(graded.outcome, JSON.stringify(graded.reason)).toBe('passed');
      expect(graded.output?.stdout).toContain('no end of line');
    }
  },
);
