import type { Generation } from '@boocontrol/contracts';

/** The two models of every host under test: they swap each other out; `brief` idles out after two seconds. */
export const SLOW_MODEL = { id: 'steady/model-a', loadMs: 400, ttlS: 0, genTps: 40 };
export const BRIEF_MODEL = { id: 'brief-b', loadMs: 200, ttlS: 2, genTps: 200 };

export interface HostOptions {
  generation: Generation;
  apiKeys: string[];
}

/** A llama-swap, real or simulated, that the same scenarios are run against. */
export interface HostUnderTest {
  readonly url: string;
  /** Ends as if its machine had been switched off and on: in-memory rows and captures are gone, ids begin again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export type StartHost = (options: HostOptions) => Promise<HostUnderTest>;
