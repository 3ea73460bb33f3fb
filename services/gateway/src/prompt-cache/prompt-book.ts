import type { PrefixDrift, PrefixMark, RouteAttempt, RouteFact } from '@boocontrol/contracts';
import { prefixInputsOf } from '../inference/prefix-inputs.js';
import type { Print } from '../inference/segments.js';
import { costOf, isMiss, MIN_READ, missCause, type Circumstances } from './cost.js';
import { parted, type Line } from './line.js';
import { ModelUses } from './model-uses.js';
import { Sessions, type Found } from './sessions.js';

/** What is known of a model at its host at the moment. */
export interface HostModel {
  /** Epoch milliseconds; null: it is not ready, or was so at first sight. */
  readySinceMs: number | null;
  /** null: not told. */
  slots: number | null;
}

/** A request whose prompt a host has read. */
export interface Noted {
  fact: RouteFact;
  answered: RouteAttempt;
  source: string;
  /** As in Ask. */
  session: string | null;
  inputs: string | string[] | undefined;
  /** null: there is nothing to compare. */
  print: Print | null;
  promptMs: number | null;
  model: HostModel;
  /** false: it was loaded for this request. */
  wasLoaded: boolean;
}

interface Observation {
  mark: PrefixMark | undefined;
  /** null: it is as it was, and the cache had it. */
  drift: PrefixDrift | null;
}

type Before = NonNullable<Found['before']>;

/** What sessions sent last and who had which model: enough to tell what a prompt lost in the cache, and why. */
export class PromptBook {
  private readonly sessions: Sessions;
  private readonly uses = new ModelUses();
  private lines = 0;

  /** @param maxSessions that are remembered */
  constructor(maxSessions?: number) {
    this.sessions = new Sessions(maxSessions);
  }

  /** Sessions that are remembered. */
  get size(): number {
    return this.sessions.size;
  }

  note(noted: Noted): Observation {
    const { fact, answered, print } = noted;
    const { providerId, model } = answered;
    const fromMs = Date.parse(answered.startedAt);
    const endedMs = Date.parse(fact.at) + fact.durationMs;
    const msPerToken = this.speed(noted);
    if (print === null) {
      this.uses.used(providerId, model, { who: null, fromMs, toMs: endedMs });
      return { mark: undefined, drift: null };
    }
    const parts = parted(print);
    const found = this.sessions.find(noted.source, noted.session, parts);
    const { session, before } = found;
    const inputs = prefixInputsOf(noted.inputs);
    const drift = before === null ? null : this.driftOf(noted, print, session, before, inputs, msPerToken);
    const who = before?.line.who ?? String(++this.lines);
    this.sessions.keep(found, parts, {
      who,
      hash: print.hash,
      bytes: print.bytes,
      inputs,
      providerId,
      model,
      at: fact.at,
      endedMs,
      promptTokens: fact.promptTokens,
    });
    this.uses.used(providerId, model, { who, fromMs, toMs: endedMs });
    const mark: PrefixMark = {
      session,
      hash: print.hash,
      bytes: print.bytes,
      segments: print.segments.length,
      relation: before?.comparison.relation ?? 'first',
    };
    return { mark, drift };
  }

  /** Milliseconds a token: of this very prompt where the host tells it, else of the last that it told. */
  private speed({ fact, answered: { providerId, model }, promptMs }: Noted): number | null {
    const { promptTokens, cacheTokens } = fact;
    const fresh = promptTokens === null ? 0 : promptTokens - (cacheTokens ?? 0);
    if (promptMs !== null && fresh >= MIN_READ) this.uses.read(providerId, model, promptMs / fresh);
    return this.uses.msPerToken(providerId, model);
  }

  private driftOf(
    noted: Noted,
    print: Print,
    session: string,
    { line, comparison }: Before,
    inputs: ReadonlyMap<string, string>,
    msPerToken: number | null,
  ): PrefixDrift | null {
    const { fact, answered } = noted;
    const { change, sameBytes } = comparison;
    const circumstances = this.circumstances(noted, line);
    const isElsewhere = circumstances.isOtherHost || circumstances.isOtherModel;
    // What changed at another place was not to be had from the cache there in any case.
    const expected = change !== null && isElsewhere ? null : expectedOf(fact, print, line, comparison);
    if (change === null && !isMiss(expected, fact.cacheTokens)) return null;
    return {
      id: fact.id,
      at: fact.at,
      kind: change === null ? 'miss' : 'drift',
      cause: change?.cause ?? missCause(circumstances),
      seenBy: 'gateway',
      dispatchId: fact.id,
      session,
      consumer: fact.source,
      providerId: answered.providerId,
      model: answered.model,
      previousProviderId: line.providerId,
      previousModel: line.model,
      previousAt: line.at,
      previousHash: line.hash,
      hash: print.hash,
      previousBytes: line.bytes,
      bytes: print.bytes,
      sameBytes,
      firstChangedSegment: change?.first ?? null,
      changedInputs: change === null ? [] : [...change.inputs, ...differing(line.inputs, inputs)],
      promptTokens: fact.promptTokens,
      cachedTokens: fact.cacheTokens,
      ...costOf(expected, fact.cacheTokens, msPerToken),
    };
  }

  private circumstances({ answered, model, wasLoaded }: Noted, line: Line): Circumstances {
    const { providerId, startedAt } = answered;
    const fromMs = Date.parse(startedAt);
    return {
      isOtherHost: providerId !== line.providerId,
      isOtherModel: answered.model !== line.model,
      isReloaded: !wasLoaded || (model.readySinceMs !== null && model.readySinceMs > line.endedMs),
      ...this.uses.between(providerId, answered.model, line.who, line.endedMs, fromMs),
      slots: model.slots,
    };
  }
}

/** Tokens that the cache would have: the prompt before, as far as this one is as long; by bytes where it is not told. */
function expectedOf(
  { promptTokens }: RouteFact,
  print: Print,
  line: Line,
  { relation, sameBytes }: Before['comparison'],
): number | null {
  if (promptTokens === null || print.bytes === 0) return null;
  const byBytes = (bytes: number): number =>
    Math.round((promptTokens * Math.min(bytes, print.bytes)) / print.bytes);
  if (relation === 'rewound') return byBytes(sameBytes);
  return line.promptTokens === null ? byBytes(line.bytes) : Math.min(line.promptTokens, promptTokens);
}

/** Names whose value is not the same in both. */
function differing(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...now.keys()])].filter((name) => before.get(name) !== now.get(name));
}
