import type { PrefixDrift, PrefixMark } from '@boocontrol/contracts';
import type { Print } from '@boocontrol/llama-swap';
import { costOf, isMiss, MIN_READ, missCause, type Circumstances } from './cost.js';
import { parted, type Line } from './line.js';
import { ModelUses } from './model-uses.js';
import { Sessions, type Found } from './sessions.js';

/** What is known of a model at its host, when it had a request. */
export interface HostModel {
  /** Epoch milliseconds; null: it is not ready, or was so at first sight. */
  readySinceMs: number | null;
  /** null: not told. */
  slots: number | null;
}

/** What is held against other prompts of a session. */
export interface KnownPrompt {
  /** SessionHash. */
  session: string;
  /** The client says that it is one session; else only its first message does. */
  isNamed: boolean;
  /** Names that the client declared, with hashes of their values. */
  inputs: ReadonlyMap<string, string>;
  print: Print;
}

/** A request whose prompt a host has read. */
export interface Noted extends Pick<
  PrefixDrift,
  'id' | 'at' | 'seenBy' | 'dispatchId' | 'row' | 'consumer' | 'providerId' | 'model' | 'promptTokens'
> {
  /** While the host had it, epoch milliseconds. */
  fromMs: number;
  endedMs: number;
  /** So much later at most it began and ended, as the host cuts the second. */
  slackMs: number;
  cacheTokens: number | null;
  promptMs: number | null;
  /** null: there is nothing to compare. */
  prompt: KnownPrompt | null;
  hostModel: HostModel;
  /** false: it was loaded for this request. */
  wasLoaded: boolean;
}

interface Observation {
  mark: PrefixMark | undefined;
  /** null: it is as it was, and the cache had it. */
  drift: PrefixDrift | null;
  /** The drift as it is when more is known of what else the host did meanwhile; null: nothing changes it any more. */
  again: (() => PrefixDrift) | null;
}

const NOTHING: Observation = { mark: undefined, drift: null, again: null };

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
    const { providerId, model, fromMs, endedMs, slackMs, prompt } = noted;
    const latestEndMs = endedMs + slackMs;
    const use = { fromMs, toMs: latestEndMs };
    const msPerToken = this.speed(noted);
    if (prompt === null) {
      this.uses.used(providerId, model, { ...use, who: null });
      return NOTHING;
    }
    const { session, isNamed, print, inputs } = prompt;
    const parts = parted(print);
    const found = this.sessions.find(session, isNamed, parts);
    const { before } = found;
    const who = before?.line.who ?? String(++this.lines);
    this.uses.used(providerId, model, { ...use, who });
    if (before !== null && isOvertaken(noted, before.line)) return NOTHING;
    const drift = before === null ? null : this.driftOf(noted, prompt, before, msPerToken);
    this.sessions.keep(found, parts, {
      who,
      hash: print.hash,
      bytes: print.bytes,
      inputs,
      providerId,
      model,
      at: noted.at,
      endedMs,
      latestEndMs,
      promptTokens: noted.promptTokens,
    });
    const mark: PrefixMark = {
      session,
      hash: print.hash,
      bytes: print.bytes,
      segments: print.segments.length,
      relation: before?.comparison.relation ?? 'first',
    };
    const mayChange = drift?.cause === 'unknown' || drift?.cause === 'other_slot';
    const again =
      before !== null && mayChange
        ? (): PrefixDrift => ({ ...drift, cause: missCause(this.circumstances(noted, before.line)) })
        : null;
    return { mark, drift, again };
  }

  /** Milliseconds a token: of this very prompt where the host tells it, else of the last that it told. */
  private speed({ providerId, model, promptMs, promptTokens, cacheTokens }: Noted): number | null {
    const fresh = promptTokens === null ? 0 : promptTokens - (cacheTokens ?? 0);
    if (promptMs !== null && fresh >= MIN_READ) this.uses.read(providerId, model, promptMs / fresh);
    return this.uses.msPerToken(providerId, model);
  }

  private driftOf(
    noted: Noted,
    { session, print, inputs }: KnownPrompt,
    { line, comparison }: Before,
    msPerToken: number | null,
  ): PrefixDrift | null {
    const { promptTokens, cacheTokens } = noted;
    const { change, sameBytes } = comparison;
    const circumstances = this.circumstances(noted, line);
    const isElsewhere = circumstances.isOtherHost || circumstances.isOtherModel;
    // What changed at another place was not to be had from the cache there in any case.
    const expected =
      change !== null && isElsewhere ? null : expectedOf(promptTokens, print, line, comparison);
    if (change === null && !isMiss(expected, cacheTokens)) return null;
    const { id, at, seenBy, dispatchId, row, consumer, providerId, model } = noted;
    return {
      id,
      at,
      kind: change === null ? 'miss' : 'drift',
      cause: change?.cause ?? missCause(circumstances),
      seenBy,
      dispatchId,
      ...(row === undefined ? {} : { row }),
      session,
      consumer,
      providerId,
      model,
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
      promptTokens,
      cachedTokens: cacheTokens,
      ...costOf(expected, cacheTokens, msPerToken),
    };
  }

  private circumstances(noted: Noted, line: Line): Circumstances {
    const { providerId, model, hostModel, wasLoaded, fromMs, slackMs } = noted;
    const { readySinceMs, slots } = hostModel;
    return {
      isOtherHost: providerId !== line.providerId,
      isOtherModel: model !== line.model,
      isReloaded: !wasLoaded || (readySinceMs !== null && readySinceMs > line.latestEndMs),
      ...this.uses.between(providerId, model, line.who, line.endedMs, fromMs + slackMs),
      slots,
    };
  }
}

/** What hosts kept may come late: when it was over before the last one that is known came, that one was not held against it. */
function isOvertaken({ seenBy, endedMs, slackMs }: Noted, line: Line): boolean {
  return seenBy === 'capture' && endedMs + slackMs < Date.parse(line.at);
}

/** Tokens that the cache would have: the prompt before, as far as this one is as long; by bytes where it is not told. */
function expectedOf(
  promptTokens: number | null,
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
