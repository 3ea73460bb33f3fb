import type { Gap, Generation } from '@boocontrol/contracts';
import { toInstant } from '@boocontrol/fleet-model';
import { createSimHost, type SimHost, type SimHostInput } from '@boocontrol/sim';
import { waitFor } from '@boocontrol/testing';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Connector } from '../follow/connector.js';
import { Bench, providerOf, rowKey } from './bench.js';

export interface Followed {
  id: string;
  sim: SimHost;
  connector: Connector;
}

/** One bench for a test file. Hosts and who follows them go when their test is done, or they would slow down the next ones. */
export class Stage {
  private opened: Bench | undefined;
  private readonly sims: SimHost[] = [];
  private count = 0;

  constructor() {
    beforeAll(async () => {
      this.opened = await Bench.open();
    });
    afterEach(async () => {
      await this.opened?.unfollow();
      await Promise.all(this.sims.splice(0).map((sim) => sim.close()));
    });
    afterAll(() => this.opened?.close());
  }

  get bench(): Bench {
    if (this.opened === undefined) throw new Error('the bench is not open yet');
    return this.opened;
  }

  async host(input: SimHostInput): Promise<SimHost> {
    const sim = await createSimHost(input);
    this.sims.push(sim);
    return sim;
  }

  /** A host with some history, already followed up to its newest row. */
  async followed(generation: Generation): Promise<Followed> {
    const id = `host-${++this.count}-${generation.toLowerCase()}`;
    const sim = await this.host({ id, generation, models: [{ id: 'm' }], performance: { everyMs: 1_000 } });
    sim.makeRows({ count: 20, source: 'before' });
    const connector = this.bench.follow(providerOf(sim));
    await this.bench.connected(id);
    await this.bench.expectLedger(sim, id);
    return { id, sim, connector };
  }

  lostWith(id: string, code: string): Promise<unknown> {
    return this.bench.until(
      id,
      'liveness',
      `not connected: ${code}`,
      (fact) => fact.state !== 'connected' && fact.reason?.code === code,
    );
  }

  /** Clears the faults and asks for a connection instead of waiting for the next attempt. */
  async recover({ id, sim, connector }: Followed): Promise<void> {
    await sim.faults.clear();
    connector.reconnect();
    await this.bench.connected(id);
  }

  gapsOf(id: string): Promise<Gap[]> {
    return this.bench.facts(id, 'gap');
  }

  /** Without those of captures: on a busy machine some time out. */
  async rowGapsOf(id: string): Promise<Gap[]> {
    return (await this.gapsOf(id)).filter(({ reason }) => reason !== 'capture_lost');
  }
}

/** Makes rows; their keys, for rows that will not arrive. */
export function made(sim: SimHost, count: number): { key: string; ts: string }[] {
  return sim.makeRows({ count }).map(({ id, timestamp }) => {
    const ts = toInstant(timestamp) ?? '';
    return { key: rowKey(id, ts), ts };
  });
}

/** Generations B and C cut times to seconds; no real host restarts and counts up to the same id within one. */
export async function nextSecond(): Promise<void> {
  const began = Math.floor(Date.now() / 1000);
  await waitFor(() => Math.floor(Date.now() / 1000) > began, { what: 'the next second' });
}
