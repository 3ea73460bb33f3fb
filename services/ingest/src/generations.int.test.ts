import type { Generation } from '@boocontrol/contracts';
import { createSimHost, type SimHost } from '@boocontrol/sim';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Bench, providerOf } from './test-kit/bench.js';

let bench: Bench;
const sims: SimHost[] = [];
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(async () => {
  await bench?.close();
  await Promise.all(sims.map((sim) => sim.close()));
});

describe.each(['A', 'B', 'C'] as Generation[])('generation %s', (generation) => {
  it('is followed from its history to its newest row', async () => {
    const id = `gen-${generation.toLowerCase()}`;
    const sim = await createSimHost({ id, generation, models: [{ id: 'm' }] });
    sims.push(sim);
    sim.makeRows({ count: 700, source: 'boochat' });
    bench.follow(providerOf(sim));
    await bench.connected(id);
    sim.makeRows({ count: 30, source: 'boocoder' });
    const lost = new Set<string>();
    await bench.expectLedger(sim, id, lost);
  });
});
