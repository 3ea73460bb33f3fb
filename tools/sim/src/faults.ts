import { z } from 'zod';
import { CommandKindSchema, type CommandKind } from './commands.js';
import { GenerationSchema } from './options.js';

const DownSchema = z
  .number()
  .min(0)
  .default(0)
  .describe('Real milliseconds of refused connections in between');

const CommandFaultSchema = z
  .strictObject({
    kinds: z.array(CommandKindSchema).default([]).describe('Which commands; none named: all'),
    how: z
      .enum(['error', 'hang', 'mute', 'reset', 'restart'])
      .describe(
        'error: 500, and nothing is done; hang: nothing is done, no answer comes; mute: it is done, no answer comes; reset: it is done, then its connection is reset; restart: the host restarts while it is being done',
      ),
    count: z.int().positive().optional().describe('As many commands, then no more; absent: all'),
    downMs: DownSchema.describe('Of a restart'),
  })
  .describe('What goes wrong with commands');
export type CommandFault = z.infer<typeof CommandFaultSchema>;

const FaultsSchema = z
  .strictObject({
    refuse: z.boolean().describe('Close the listener and every connection: connecting is refused'),
    hang: z.boolean().describe('Accept new requests and never answer them; open streams go on'),
    silence: z
      .boolean()
      .describe('The event stream says nothing and what it would have said is lost; the rest answers'),
    deaf: z.boolean().describe('silence and hang together: not even /health answers'),
    resetMidStream: z
      .strictObject({
        afterChunks: z.int().min(0).default(3),
        target: z.enum(['events', 'answers', 'both']).default('both'),
      })
      .describe('Reset the connection of a stream after so many chunks, in the middle of the next one'),
    garbleFrame: z
      .strictObject({ count: z.int().positive() })
      .describe('The next frames of event streams are broken JSON'),
    freeze: z.boolean().describe('Answers write nothing more; what was due comes when it is cleared'),
    splitFrames: z
      .boolean()
      .describe('Streams are written a few bytes at a time, also inside a UTF-8 sequence'),
    slow: z.strictObject({ delayMs: z.number().positive() }).describe('Real milliseconds before each answer'),
    slowTokens: z
      .strictObject({ factor: z.number().positive() })
      .describe('A token takes so many times as long, in answers that begin meanwhile'),
    logFlood: z
      .strictObject({ linesPerS: z.number().positive().max(100_000) })
      .describe('Upstream log lines, real time: of the models that run, in turn, or of nobody'),
    logDrops: z
      .strictObject({ probability: z.number().gt(0).max(1) })
      .describe(
        'Chunks that /logs/stream leaves out, as for a reader that is behind; the event stream has them',
      ),
    unauthorized: z.boolean().describe('401 on everything, /health included'),
    loadFailure: z
      .strictObject({ models: z.array(z.string()).default([]) })
      .describe('The command of these models (none named: of all) ends at once, so they do not load'),
    slowLoad: z
      .strictObject({ models: z.array(z.string()).default([]), loadMs: z.number().positive() })
      .describe('Loads of these models (none named: of all) take as many simulated milliseconds'),
    stopHangs: z
      .strictObject({ models: z.array(z.string()).default([]) })
      .describe('These models (none named: all) do not stop, and so whoever unloads them has no answer'),
    commands: CommandFaultSchema,
    serverErrors: z.strictObject({ probability: z.number().gt(0).max(1).default(1) }).describe('500s'),
    ringOverflow: z
      .strictObject({ rows: z.int().min(0) })
      .describe('Keep only so many rows: an absence loses some'),
    clockSkew: z.strictObject({ ms: z.number() }).describe('The host clock is off by so many milliseconds'),
  })
  .partial();
export type Faults = z.infer<typeof FaultsSchema>;

/** A change of the switchboard: faults that stay until cleared, and things that happen once. */
export const FaultPatchSchema = FaultsSchema.extend({
  restart: z
    .strictObject({ keepIds: z.boolean().default(false), downMs: DownSchema })
    .optional()
    .describe('New process: ids start again and the ring is lost, unless its store is on disk'),
  upgrade: z.strictObject({ generation: GenerationSchema, downMs: DownSchema }).optional(),
  dropConnections: z.boolean().optional(),
  unknownMessage: z
    .strictObject({ name: z.string().min(1) })
    .optional()
    .describe('One event of a type nobody knows'),
  forMs: z.number().positive().optional().describe('Real milliseconds after which all faults are cleared'),
});
export type FaultPatch = z.input<typeof FaultPatchSchema>;

/** The faults in force. */
export class FaultBoard {
  #faults: Faults = {};

  get current(): Faults {
    return this.#faults;
  }

  /** Faults named in the patch replace their earlier setting; `false` takes one away. */
  apply(patch: Faults): void {
    const merged = { ...this.#faults, ...patch };
    this.#faults = Object.fromEntries(
      Object.entries(merged).filter(([, value]) => value !== false && value !== undefined),
    );
  }

  clear(): void {
    this.#faults = {};
  }

  get muted(): boolean {
    return this.#faults.silence === true || this.#faults.deaf === true;
  }

  get unanswering(): boolean {
    return this.#faults.hang === true || this.#faults.deaf === true;
  }

  /** True for as many calls as frames are left to garble. */
  takeGarble(): boolean {
    const left = this.#faults.garbleFrame?.count ?? 0;
    if (left === 0) return false;
    this.apply({ garbleFrame: left > 1 ? { count: left - 1 } : undefined });
    return true;
  }

  failsToLoad(model: string): boolean {
    return isMeant(this.#faults.loadFailure, model);
  }

  hangsOnStop(model: string): boolean {
    return isMeant(this.#faults.stopHangs, model);
  }

  /** How many times as long as usual a token takes. */
  get tokenFactor(): number {
    return this.#faults.slowTokens?.factor ?? 1;
  }

  /** Undefined: as long as it takes. */
  loadMs(model: string): number | undefined {
    return isMeant(this.#faults.slowLoad, model) ? this.#faults.slowLoad?.loadMs : undefined;
  }

  /** What goes wrong with this command, if anything: each one that is asked about counts. */
  takeCommandFault(kind: CommandKind): CommandFault | undefined {
    const { commands } = this.#faults;
    if (!commands || (commands.kinds.length > 0 && !commands.kinds.includes(kind))) return undefined;
    const { count } = commands;
    if (count !== undefined)
      this.apply({ commands: count > 1 ? { ...commands, count: count - 1 } : undefined });
    return commands;
  }

  /** Undefined = no reset planned for this kind of stream. */
  resetAfter(target: 'events' | 'answers'): number | undefined {
    const reset = this.#faults.resetMidStream;
    return reset && (reset.target === target || reset.target === 'both') ? reset.afterChunks : undefined;
  }
}

function isMeant(fault: { models: readonly string[] } | undefined, model: string): boolean {
  return fault !== undefined && (fault.models.length === 0 || fault.models.includes(model));
}
