import type { Generation } from '@boocontrol/contracts';

/** The two models of every host under test: they swap each other out; `brief` idles out after two seconds. */
export const SLOW_MODEL = { id: 'steady/model-a', loadMs: 400, ttlS: 0, genTps: 40 };
export const BRIEF_MODEL = { id: 'brief-b', loadMs: 200, ttlS: 2, genTps: 200 };

/** Its command ends at once. */
export const BROKEN_MODEL = 'broken/model';
/** What hosts of generation C have one of, and call `chat` the slow model by it. */
export const PROFILE = { id: 'day', description: 'by day', pins: { chat: SLOW_MODEL.id } };

/** Behind the same llama.cpp as the slow model where the suite for /v1 asks for it: one of the two is loaded at a time. */
export const RIVAL_MODEL = 'rival-c';

/** What the model server of the suite for llama.cpp is started with: the context of all slots in tokens, and how many slots. */
export const LLAMA = { ctx: 2_048, slots: 2 };

export interface HostOptions {
  generation: Generation;
  apiKeys: string[];
  /** false: it keeps no copies of requests (`captureBuffer: 0`); absent: it does. */
  keepsCaptures?: boolean;
  /** With the broken model, and with the profile where the generation has profiles. */
  forCommands?: boolean;
  /**
   * A real llama.cpp server and its model file behind the slow model; the simulator only takes on its size. Threads: as many as
   * it likes. `args`: more of its arguments, which win.
   */
  llama?: { binary: string; model: string; threads?: number; args?: string };
  /** With the rival model, which is loaded beside the slow one. */
  sideBySide?: boolean;
  /** With the rival model; it and the slow one say their own names, and can call tools. Only with `llama`. */
  forGateway?: boolean;
}

/** A llama-swap, real or simulated, that the same scenarios are run against. */
export interface HostUnderTest {
  readonly url: string;
  /** Ends as if its machine had been switched off and on: in-memory rows and captures are gone, ids begin again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export type StartHost = (options: HostOptions) => Promise<HostUnderTest>;
