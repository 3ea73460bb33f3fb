import type { HostState } from '@boocontrol/contracts';
import { expect, test } from 'vitest';
import { GpuMemory } from './gpu-memory.js';

interface Shown {
  gpuTs?: string;
  used?: (number | null)[];
  others?: string[];
  liveness?: string;
}

function host({ gpuTs = '1', used = [1_000], others = [], liveness = 'connected' }: Shown): HostState {
  return {
    liveness: { state: liveness },
    models: [
      { id: 'a', state: 'ready', peerId: null },
      { id: 'of a peer', state: 'ready', peerId: 'rack' },
      ...others.map((state, n) => ({ id: `other-${n}`, state, peerId: null })),
    ],
    perf: { gpus: used.map((memUsedMb) => ({ memUsedMb })), gpuTs },
  } as unknown as HostState;
}

function told(...looks: [atMs: number, shown: Shown][]) {
  const memory = new GpuMemory('a', 100);
  for (const [atMs, shown] of looks) memory.look(host(shown), atMs);
  return memory.told;
}

test('the newest reading of all GPUs counts that came when the model had been alone for long enough', () => {
  expect(
    told(
      [0, { gpuTs: '1' }],
      [120, { gpuTs: '2', used: [3_000, 4_000] }],
      [200, { gpuTs: '3', used: [3_100, 4_000] }],
    ),
  ).toEqual({ vramMb: 7_100, vramReason: null });
  expect(told([0, { others: ['stopped'] }], [120, { gpuTs: '2', others: ['stopped'] }]).vramMb).toBe(1_000);
});

test('a reading that may be older than the model is in memory says nothing', () => {
  expect(told([0, { gpuTs: '1' }], [50, { gpuTs: '2' }], [120, { gpuTs: '2' }]).vramReason).toContain(
    'too short',
  );
});

test.each([['ready'], ['starting'], ['stopping']])(
  'with another model that is %s nothing is told',
  (state) => {
    expect(told([0, { others: [state] }], [200, { gpuTs: '2', others: [state] }])).toEqual({
      vramMb: null,
      vramReason: expect.stringContaining('Another model'),
    });
    expect(
      told([0, { others: [state] }], [200, { gpuTs: '2' }], [290, { gpuTs: '3' }]).vramMb,
      'alone since 200',
    ).toBeNull();
  },
);

test('a host that was away is looked at anew, and one that tells nothing of GPUs is said to', () => {
  expect(told([0, {}], [50, { liveness: 'offline' }], [140, { gpuTs: '2' }]).vramMb).toBeNull();
  expect(told([0, { used: [] }], [200, { gpuTs: '2', used: [] }]).vramReason).toContain('tells nothing');
  expect(told([0, {}], [200, { gpuTs: '2', used: [1_000, null] }]).vramMb).toBeNull();
});
