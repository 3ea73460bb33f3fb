import type { Generation } from '@boocontrol/contracts';
import { describe, it } from 'vitest';
import { providerOf } from './testing/bench.js';
import { Stage } from './testing/stage.js';

const stage = new Stage();

describe.each(['A', 'B', 'C'] as Generation[])('generation %s', (generation) => {
  it('is followed from its history to its newest row', async () => {
    const id = `gen-${generation.toLowerCase()}`;
    const sim = await stage.host({ id, generation, models: [{ id: 'm' }] });
    sim.makeRows({ count: 700, source: 'boochat' });
    stage.bench.follow(providerOf(sim));
    await stage.bench.connected(id);
    sim.makeRows({ count: 30, source: 'boocoder' });
    await stage.bench.expectLedger(sim, id);
  });
});
