import type { Action, ActionKind, ActionRequest } from '@boocontrol/contracts';
import { LiveFleet } from '@boocontrol/platform';
import type { FaultPatch, SimHost, SimHostInput } from '@boocontrol/sim';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Bench, QUICK, type Replica } from '../testing/bench.js';

vi.setConfig({ testTimeout: 60_000 });

const LIMIT_MS = 2_000;
const TIMINGS = {
  ...QUICK,
  // What became of a cancel is told by the event stream, which takes a moment to come back after a restart.
  limit: {
    warm: LIMIT_MS,
    unload: LIMIT_MS,
    'unload-all': LIMIT_MS,
    profile: LIMIT_MS,
    cancel: 3 * LIMIT_MS,
  },
};

let bench: Bench;
let service: Replica;
beforeAll(async () => {
  bench = await Bench.open();
  service = await bench.service(TIMINGS);
});
afterAll(() => bench?.close());

/** How it ends, and by which reason. */
type End = `${Action['state']} ${string}`;
const DONE: End = 'succeeded seen_done';
const UNDONE: End = 'failed seen_undone';
const FAILED: End = 'failed failed_to_start';
const UNKNOWN: End = 'outcome_unknown outcome_unknown';
const all = (end: End): Record<ActionKind, End> => ({
  warm: end,
  unload: end,
  'unload-all': end,
  profile: end,
  cancel: end,
});

/** Each fault of a host, and what becomes of an action that meets it. A kind that is left out does not meet it. */
const FAULTS: readonly [string, FaultPatch, Partial<Record<ActionKind, End>>][] = [
  // What llama-swap says of a load that fails is a 500 as well.
  ['500 to a command', { commands: { how: 'error' } }, { ...all(UNDONE), warm: FAILED }],
  ['a command hangs, and is not done', { commands: { how: 'hang' } }, all(UNDONE)],
  ['a command is done and never answered', { commands: { how: 'mute' } }, all(DONE)],
  ['the connection is reset after the host has acted', { commands: { how: 'reset' } }, all(DONE)],
  [
    'the host restarts meanwhile: nothing is loaded, nothing is under way, no profile is active',
    { commands: { how: 'restart', downMs: 100 } },
    { ...all(DONE), warm: UNDONE, profile: UNDONE },
  ],
  // Requests under way are seen by the event stream, which goes on.
  ['the host answers nobody', { hang: true }, { ...all(UNKNOWN), cancel: UNDONE }],
  [
    'the host answers everybody with 500',
    { serverErrors: {} },
    { ...all(UNKNOWN), warm: FAILED, cancel: UNDONE },
  ],
  ['the model’s command ends at once', { loadFailure: {} }, { warm: FAILED }],
  ['the load takes longer than it may', { slowLoad: { loadMs: 600_000 } }, { warm: UNKNOWN }],
  ['the model does not stop', { stopHangs: {} }, { unload: UNKNOWN, 'unload-all': UNKNOWN }],
];

const REQUESTS: Record<ActionKind, (providerId: string, inflightId: string) => ActionRequest> = {
  warm: (providerId) => ({ kind: 'warm', providerId, model: 'one' }),
  unload: (providerId) => ({ kind: 'unload', providerId, model: 'one' }),
  'unload-all': (providerId) => ({ kind: 'unload-all', providerId }),
  profile: (providerId) => ({ kind: 'profile', providerId, profile: 'night' }),
  cancel: (providerId, inflightId) => ({ kind: 'cancel', providerId, inflightId }),
};

function complete(sim: SimHost, model: string, body: object): Promise<unknown> {
  const sent = fetch(`${sim.url}/v1/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, prompt: 'count', ...body }),
  });
  return sent.then((response) => response.text());
}

/** A host on which the action makes sense. @returns the id of the request under way, for a cancel */
async function prepare(kind: ActionKind, providerId: string, sim: SimHost): Promise<string> {
  const known = () => service.app.get(LiveFleet).state?.hosts[providerId];
  if (kind === 'unload' || kind === 'unload-all') {
    await complete(sim, 'one', { max_tokens: 1 });
    await waitFor(() => known()?.models.some(({ state }) => state === 'ready'), {
      what: 'a model to be ready',
    });
  }
  if (kind !== 'cancel') return '';
  void complete(sim, 'slow', { max_tokens: 5_000, stream: true }).catch(() => undefined);
  return waitFor(() => known()?.inflight?.requests.find(({ method }) => method === 'POST')?.id, {
    what: 'a request to be under way',
  });
}

async function meet(kind: ActionKind, fault: FaultPatch): Promise<End> {
  const host: Partial<SimHostInput> = {
    models: [
      { id: 'one', loadMs: 100 },
      { id: 'slow', loadMs: 0, genTps: 2 },
    ],
    profileList: [{ id: 'night' }],
  };
  const { id: providerId, sim } = await bench.host(service, host, { label: 'Tower' });
  const inflightId = await prepare(kind, providerId, sim);
  await sim.faults.set(fault);
  const { action } = await bench.submit(REQUESTS[kind](providerId, inflightId));
  const { state, reason } = await bench.ended(service, action.id);
  expect(sim.commands().filter((command) => command.target !== 'slow')).toHaveLength(1);
  expect(reason?.message).toMatch(/\.$/);
  const events = await bench.events(providerId, action.id, state);
  expect(events.filter((event) => event !== 'progress')).toEqual([
    ...(kind === 'cancel' ? [] : ['queued']),
    'started',
    state,
  ]);
  await sim.faults.clear();
  return `${state} ${reason?.code ?? ''}`;
}

test.concurrent.each(FAULTS)('%s', async (_what, fault, expected) => {
  const kinds = Object.keys(expected) as ActionKind[];
  const ends = await Promise.all(kinds.map(async (kind) => [kind, await meet(kind, fault)] as const));
  expect(Object.fromEntries(ends)).toEqual(expected);
});
