import { JobFactSchema, STREAM, subjects, type JobFact, type Jobs } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestBrowser } from '../testing/browser.js';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world?.stop());

async function tell(kind: string, run: string, n: number, event: JobFact['event'], body = {}): Promise<void> {
  const at = `2026-11-22T02:00:00.00000${n}Z`;
  const fact = JobFactSchema.parse({ kind, run, n, event, at, body });
  await world.bus.js.publish(subjects.job(kind, run, event), JSON.stringify(fact));
}

/** What the list says of each job: its state and how far it is. */
async function jobs(query = ''): Promise<string[]> {
  const { status, body } = await gateway.get<Jobs>(`/api/jobs${query}`);
  expect(status).toBe(200);
  return body.jobs.map(({ kind, run, state, done }) => `${kind} ${run} ${state} ${done}`);
}

it('jobs of all kinds are listed, those of before the gateway too', async () => {
  await tell('bench', 'a', 1, 'queued');
  await tell('bench', 'a', 2, 'running');
  for (let done = 1; done <= 3; done++) await tell('bench', 'a', 2 + done, 'progress', { done, total: 9 });
  await tell('eval', 'b', 6, 'succeeded');
  await world.bus.js.publish(subjects.job('bench', 'garbled', 'queued'), 'not JSON');
  gateway = await world.gateway();
  await waitFor(async () => (await gateway.get('/api/jobs')).status === 200, { what: 'the jobs to be read' });
  expect(await jobs()).toEqual(['eval b succeeded null', 'bench a running 3']);
  expect(await jobs('?kind=bench&state=running&state=queued')).toEqual(['bench a running 3']);
  expect(await jobs('?limit=1')).toEqual(['eval b succeeded null']);
  expect((await gateway.get('/api/jobs?state=asleep')).status).toBe(400);
});

it('what happens now is in the list and on the socket', async () => {
  const browser = new TestBrowser(gateway.url);
  try {
    await browser.join('jobs');
    await tell('bench', 'a', 7, 'cell', { index: 2, cell: 'pp512', state: 'measured' });
    await tell('bench', 'a', 8, 'cancelled');
    await waitFor(() => browser.jobs.length === 2, { what: 'both facts' });
    expect(browser.jobs.map(({ event }) => event)).toEqual(['cell', 'cancelled']);
    expect(await jobs('?kind=bench')).toEqual(['bench a cancelled 3']);
  } finally {
    browser.close();
  }
});

it('a stream that was made anew has only its own jobs', async () => {
  await world.bus.jsm.streams.delete(STREAM.jobs);
  await world.bus.prepare();
  await tell('bench', 'c', 1, 'queued');
  await waitFor(async () => (await jobs()).join() === 'bench c queued null', {
    what: 'the job of the new stream alone',
  });
});
