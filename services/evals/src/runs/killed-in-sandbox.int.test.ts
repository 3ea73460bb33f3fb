import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { STREAM, type EvalSuiteInput } from '@boocontrol/contracts';
import type { Scripted } from '@boocontrol/sim';
import { MODEL } from '@boocontrol/stage';
import { sandboxFolder, waitFor } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Stage, suiteOf } from '../testing/stage.js';

vi.setConfig({ testTimeout: 300_000 });

let stage: Stage;
let folder: string;
beforeAll(async () => {
  [stage, folder] = await Promise.all([Stage.open(), sandboxFolder()]);
}, 300_000);
afterAll(() => stage?.close());

const K = 2;
/** Among the arguments of a process that the model's code starts, and of no other on this machine. */
const DAEMON = `daemon-${randomUUID()}`;

const add = (id: string): EvalSuiteInput['items'][number] => ({
  ...{ kind: 'coding', id, language: 'python', prompt: `${id}: add two numbers.`, target: 'a.py' },
  tests: [
    { name: 'adds', module: 'a.py', steps: [{ do: 'call', name: 'add', args: [1, 2], expect: 3 }] },
    { name: 'adds more', module: 'a.py', steps: [{ do: 'call', name: 'add', args: [40, 2], expect: 42 }] },
  ],
});
const suite: EvalSuiteInput = {
  ...suiteOf(['pass/1'], { name: 'killed-in-sandbox', samples: K }),
  items: [...suiteOf(['pass/1']).items, add('code/1'), add('code/2'), add('code/wrong')],
};

/** Of the model that is asked. */
let asked = 0;
/** Whether its code never ends, and starts something that is to outlive it. */
let hangs = true;

function answer(question: string): Scripted | null {
  asked += 1;
  if (!question.includes('add two numbers')) return null;
  const head = hangs
    ? `import subprocess, sys, time
quiet = subprocess.DEVNULL
subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)', '${DAEMON}'], stdout=quiet, stderr=quiet, start_new_session=True)
time.sleep(3600)
`
    : '';
  const sign = question.includes('code/wrong') ? '-' : '+';
  return { content: `\`\`\`python\n${head}def add(a, b):\n    return a ${sign} b\n\`\`\``, calls: [] };
}

/** Processes on this machine that have this in their arguments, as far as we may see them. */
function running(words: string): number {
  const isOne = (pid: string): boolean => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(words);
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').filter(isOne).length;
}

test('a worker is killed while code of a model runs: nothing of it is left, and the run goes on as if nothing had been', async () => {
  const watcher = await stage.service();
  const host = await stage.host(watcher, {
    models: [{ ...MODEL, answers: ({ messages }) => answer(messages.at(-1)?.content ?? '') }],
  });
  await watcher.stop();
  const environment = { BOOCONTROL_SANDBOX: folder };
  const worker = await stage.process(environment);
  const { id } = await stage.one(host, { suite, concurrency: 2 });
  // Whose sandbox it is stands among its arguments: the run's id.
  await waitFor(() => running(DAEMON) > 0 && running(`:${id}:`) > 0, {
    what: 'code to run in the sandbox',
    timeoutMs: 120_000,
  });
  await worker.kill9();
  await waitFor(() => running(DAEMON) === 0 && running(`:${id}:`) === 0, {
    what: 'nothing of the sandbox to be left',
  });
  hangs = false;
  await stage.process(environment);
  const { run } = await stage.ended(id, 180_000);
  expect(run).toMatchObject({
    ...{ state: 'succeeded', done: 4 * K, total: 4 * K, contaminated: 0 },
    outcomes: { passed: 3 * K, failed: K },
  });
  const samples = await stage.samples(id, 50);
  expect(samples.map(({ item, sample }) => `${item} ${sample}`)).toEqual(
    ['pass/1', 'code/1', 'code/2', 'code/wrong'].flatMap((item) => [`${item} 0`, `${item} 1`]),
  );
  // What ran when the worker was killed was asked again.
  expect(asked).toBeGreaterThan(4 * K);
  expect(await stage.events(id, 'succeeded')).toEqual(['queued', 'running', 'succeeded']);
  await stage.isClean(host);
  await waitFor(() => running(`:${id}:`) === 0, { what: 'the sandboxes to be gone' });
  const jsm = await jetstreamManager(stage.nc, { checkAPI: false });
  await waitFor(async () => (await jsm.streams.info(STREAM.jobQueue)).state.messages === 0, {
    what: 'an empty queue',
  });
});
