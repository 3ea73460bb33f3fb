import { hashText, Rng } from '../core/rng.js';
import { SimTime, systemClock } from '../core/sim-time.js';
import { TrafficClient } from './client.js';
import { arena, chatUser, codingAgent, indexer, shell, titler, type Consumer } from './consumers.js';
import { World, type TrafficTarget } from './world.js';

/** Together about one request a second over the fleet. */
const CAST: ReadonlyArray<[string, Consumer]> = [
  ['chat-1', chatUser],
  ['chat-2', chatUser],
  ['chat-3', chatUser],
  ['coder-1', codingAgent],
  ['chat-4', chatUser],
  ['coder-2', codingAgent],
  ['coder-3', codingAgent],
  ['arena', arena],
  ['indexer', indexer],
  ['titler-1', titler],
  ['titler-2', titler],
  ['shell', shell],
];

export interface Traffic {
  stats(): { requests: number; failures: number };
  /** Breaks off what is under way and resolves when every consumer has stopped. */
  stop(): Promise<void>;
}

/** Sends a fleet the traffic of several consumers until it is stopped. */
export function startTraffic(targets: readonly TrafficTarget[], seed: number, timeScale = 1): Traffic {
  const time = new SimTime(systemClock(), timeScale);
  const stopping = new AbortController();
  const client = new TrafficClient();
  const worlds: World[] = [];
  const runs = CAST.map(async ([name, consumer]) => {
    const world = new World(targets, time, new Rng(hashText(name, seed)), stopping.signal, client);
    worlds.push(world);
    await world.think(4_000);
    while (!stopping.signal.aborted) await consumer(world);
  });
  return {
    stats: () =>
      worlds
        .map((world) => world.stats())
        .reduce(
          (sum, one) => ({ requests: sum.requests + one.requests, failures: sum.failures + one.failures }),
          { requests: 0, failures: 0 },
        ),
    stop: async () => {
      stopping.abort();
      await Promise.all(runs);
      client.close();
      time.dispose();
    },
  };
}
