import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir, waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Child } from './child.js';

let dir: Awaited<ReturnType<typeof tempDir>>;
beforeAll(async () => {
  dir = await tempDir();
});
afterAll(() => dir.remove());

const unexpected = (why: string): never => {
  throw new Error(why);
};

test('a process that dies is started again, its output kept; stop() ends it for good', async () => {
  const script = join(dir.path, 'service.mjs');
  writeFileSync(script, 'process.stdout.write(`hello from ${process.pid}\\n`); setInterval(() => {}, 1000);');
  const said: string[] = [];
  const child = new Child(
    { name: 'service', script, env: {} },
    dir.path,
    (text) => said.push(text),
    unexpected,
  );
  child.start();
  try {
    const first = await waitFor(() => (child.tail.includes('hello') ? child.pid : null), {
      what: 'the first output',
    });
    process.kill(Number(first), 'SIGKILL');
    const second = await waitFor(
      () =>
        child.pid !== null && child.pid !== first && child.tail.includes(`from ${child.pid}`)
          ? child.pid
          : null,
      { what: 'a second process' },
    );
    expect(second).not.toBe(first);
    expect(said.join()).toMatch(/service ended \(SIGKILL\) and is started again/);
    expect(readFileSync(join(dir.path, 'service.log'), 'utf8')).toMatch(/hello from \d+\nhello from \d+\n/);
  } finally {
    await child.stop();
  }
  expect(child.pid).toBeNull();
});

test('a process that exits at its very first start is not tried again; its last words are passed on', async () => {
  const script = join(dir.path, 'refuses.mjs');
  writeFileSync(script, "process.stderr.write('COLOUR is missing\\n'); process.exit(1);");
  const refusals: string[] = [];
  const child = new Child({ name: 'refuses', script, env: {} }, dir.path, unexpected, (why) =>
    refusals.push(why),
  );
  child.start();
  await waitFor(() => refusals.length > 0, { what: 'the refusal' });
  expect(refusals).toEqual(['COLOUR is missing']);
  expect(child.pid).toBeNull();
});
