import type {
  CacheSession,
  CacheTotals,
  CacheTurns,
  PrefixCause,
  PrefixDrift,
  PrefixMark,
  RouteFact,
} from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { pick, randomOf } from './random.js';

export type Turn = CacheTurns['turns'][number] & { source: string };

const HOUR_MS = 3_600_000;
const MISSES = new Set<PrefixCause>([
  'other_host',
  'other_model',
  'model_reloaded',
  'evicted',
  'other_slot',
  'unknown',
]);
/** How often each is, of the turns of a session. */
const CAUSES: readonly [PrefixCause, number][] = [
  ['system_timestamp', 0.05],
  ['tools_changed', 0.015],
  ['tools_reordered', 0.02],
  ['system_changed', 0.012],
  ['message_edited', 0.012],
  ['messages_removed', 0.012],
  ['evicted', 0.02],
  ['model_reloaded', 0.012],
  ['other_host', 0.01],
  ['other_model', 0.005],
  ['other_slot', 0.004],
  ['unknown', 0.004],
];
const INPUTS: Readonly<Partial<Record<PrefixCause, string[]>>> = {
  tools_reordered: ['tools reordered'],
  tools_changed: ['tools changed', 'mcp'],
  system_timestamp: ['timestamp in system'],
  system_changed: ['system changed', 'agents.md'],
  message_edited: ['message 3 edited'],
  messages_removed: ['messages 2 to 9 removed'],
};
const PLACES = [
  { providerId: 'tower', model: 'qwen3-32b-Q4_K_M' },
  { providerId: 'workstation', model: 'gpt-oss-20b-mxfp4' },
  { providerId: 'mac-studio', model: 'llama-3.3-70b-IQ2_XXS' },
] as const;
const CONSUMERS = ['opencode', 'boochat', 'python-openai'] as const;
/** Tokens a second of reading a prompt, by the place. */
const READS = { tower: 1_900, workstation: 4_200, 'mac-studio': 240 } as const;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'.split('');
const hash = (random: () => number, length: number): string =>
  Array.from({ length }, () => pick(random, LETTERS)).join('');
const uuid = (n: number): string => `00000000-0000-4000-b000-${String(n).padStart(12, '0')}`;

const newestFirst = (a: { at: string }, b: { at: string }): number => (a.at < b.at ? 1 : -1);

interface Made {
  /** Newest first. */
  turns: Turn[];
  drifts: PrefixDrift[];
}

/** Sessions of the last day as the gateway tells of them. @param calm nothing ever went wrong */
export function madeTurns(nowMs: number, sessions: number, calm = false): Made {
  const random = randomOf(41 + sessions);
  const turns: Turn[] = [];
  const drifts: PrefixDrift[] = [];
  for (let s = 0; s < sessions; s++) {
    const [source, session] = [pick(random, CONSUMERS), hash(random, 22)];
    let at = pick(random, PLACES);
    let [bytes, segments, ms] = [9_000 + random() * 40_000, 3, nowMs - 60_000 - random() * 23 * HOUR_MS];
    let before: Turn | null = null;
    const length = 4 + Math.floor(random() * 30);
    for (let t = 0; t < length && ms < nowMs - 5_000; t++) {
      const cause = before === null || calm ? null : causeOf(random);
      if (cause === 'other_host')
        at = pick(
          random,
          PLACES.filter((place) => place !== at),
        );
      const promptTokens = Math.round(bytes / 3.7);
      const had = before === null ? 0 : (before.promptTokens ?? 0);
      const isWhole = cause !== null && (MISSES.has(cause) || cause.startsWith('tools'));
      const kept = cause === null ? had : Math.round(had * (isWhole ? 0 : 0.2 * random()));
      const relation: PrefixMark['relation'] =
        before === null ? 'first' : cause !== null && !MISSES.has(cause) ? 'changed' : 'continued';
      const turn: Turn = {
        id: uuid(turns.length + 1),
        at: instantFromMs(ms),
        ...at,
        source,
        prefix: { session, hash: hash(random, 43), bytes: Math.round(bytes), segments, relation },
        promptTokens,
        cacheTokens: kept,
        drift: null,
      };
      if (before !== null && cause !== null) {
        turn.drift = driftOf(turn, before, cause, kept);
        drifts.push(turn.drift);
      }
      turns.push(turn);
      before = turn;
      bytes += 400 + random() * 6_000;
      segments += 2;
      ms += 4_000 + random() ** 2 * 400_000;
    }
  }
  return {
    turns: turns.toSorted(newestFirst),
    drifts: [...drifts, ...(calm ? [] : seenInCaptures(drifts))].toSorted(newestFirst),
  };
}

function causeOf(random: () => number): PrefixCause | null {
  let told = random();
  for (const [cause, share] of CAUSES) if ((told -= share) < 0) return cause;
  return null;
}

function driftOf(turn: Turn, before: Turn, cause: PrefixCause, cachedTokens: number): PrefixDrift {
  const kind = MISSES.has(cause) ? 'miss' : 'drift';
  const expected = before.promptTokens ?? 0;
  const isOther = cause === 'other_model';
  const lostTokens = expected - cachedTokens;
  const speed = READS[turn.providerId as keyof typeof READS] ?? 500;
  const isMessage = cause === 'message_edited' || cause === 'messages_removed';
  return {
    id: turn.id,
    at: turn.at,
    kind,
    cause,
    seenBy: 'gateway',
    dispatchId: turn.id,
    session: turn.prefix.session,
    consumer: turn.source,
    providerId: turn.providerId,
    model: turn.model,
    previousProviderId: before.providerId,
    previousModel: isOther ? 'gemma-3-27b-it-Q5_K_S' : before.model,
    previousAt: before.at,
    previousHash: before.prefix.hash,
    hash: turn.prefix.hash,
    previousBytes: before.prefix.bytes,
    bytes: turn.prefix.bytes,
    sameBytes:
      kind === 'miss'
        ? before.prefix.bytes
        : Math.round(before.prefix.bytes * (cachedTokens / Math.max(1, expected))),
    firstChangedSegment:
      kind === 'miss'
        ? null
        : {
            index: cause.startsWith('tools') ? 0 : isMessage ? 4 : 1,
            kind: cause.startsWith('tools') ? 'tools' : isMessage ? 'message' : 'system',
            role: cause.startsWith('tools') ? null : isMessage ? 'assistant' : 'system',
          },
    changedInputs: INPUTS[cause] ?? [],
    promptTokens: turn.promptTokens,
    cachedTokens,
    expectedCachedTokens: expected,
    lostTokens,
    lostMs: Math.round((1_000 * lostTokens) / speed),
  };
}

/** Some that did not come through /v1, of which a host had kept what was asked; it tells no cached tokens of one. */
function seenInCaptures(drifts: readonly PrefixDrift[]): PrefixDrift[] {
  return drifts.slice(0, 3).map((drift, n): PrefixDrift => ({
    ...drift,
    id: `00000000-0000-4000-c000-00000000000${n}`,
    at: instantFromMs(instantToMs(drift.at) + 1_000),
    seenBy: 'capture',
    dispatchId: null,
    consumer: 'boocode',
    ...(n === 1 ? { cachedTokens: null, lostTokens: null, lostMs: null } : {}),
  }));
}

/** Requests of /v1 with how their prompts begin: some are turns of a session. */
export function withPrefixes(dispatches: readonly RouteFact[], { turns, drifts }: Made): void {
  const free = [...turns];
  for (const fact of dispatches) {
    const last = fact.attempts.at(-1);
    const at = free.findIndex(({ providerId }) => providerId === last?.providerId);
    const turn = at === -1 ? undefined : free.splice(at, 1)[0];
    if (turn === undefined || fact.outcome !== 'succeeded') continue;
    Object.assign(fact, { prefix: turn.prefix });
    Object.assign(turn, { id: fact.id, at: fact.at });
    if (turn.drift) Object.assign(turn.drift, { id: fact.id, at: fact.at, dispatchId: fact.id });
  }
  turns.sort(newestFirst);
  drifts.sort(newestFirst);
}

const sum = <T>(of: readonly T[], value: (one: T) => number | null): number =>
  of.reduce((all, one) => all + (value(one) ?? 0), 0);

const costsOf = (drifts: readonly PrefixDrift[]) => ({
  drifts: drifts.filter(({ kind }) => kind === 'drift').length,
  misses: drifts.filter(({ kind }) => kind === 'miss').length,
  lostTokens: sum(drifts, ({ lostTokens }) => lostTokens),
  lostMs: sum(drifts, ({ lostMs }) => lostMs),
});

export function totalsOf({ turns, drifts }: Made, from: string, to: string): CacheTotals {
  const kinds = new Map<string, PrefixDrift[]>();
  for (const drift of drifts) kinds.set(drift.cause, [...(kinds.get(drift.cause) ?? []), drift]);
  return {
    from,
    to,
    requests: turns.length,
    promptTokens: sum(turns, ({ promptTokens }) => promptTokens),
    cacheTokens: sum(turns, ({ cacheTokens }) => cacheTokens),
    sessions: new Set(turns.map(({ prefix }) => prefix.session)).size,
    ...costsOf(drifts),
    causes: [...kinds.values()]
      .flatMap((held) => {
        const [first] = held;
        if (first === undefined) return [];
        const { lostTokens, lostMs } = costsOf(held);
        return [
          {
            kind: first.kind,
            cause: first.cause,
            count: held.length,
            sessions: new Set(held.map(({ session }) => session)).size,
            lostTokens,
            lostMs,
            lastAt: first.at,
          },
        ];
      })
      .toSorted((a, b) => b.lostMs - a.lostMs),
  };
}

export function sessionsOf({ turns, drifts }: Made): CacheSession[] {
  const held = new Map<string, Turn[]>();
  for (const turn of turns) {
    const { session } = turn.prefix;
    held.set(session, [...(held.get(session) ?? []), turn]);
  }
  return [...held].flatMap(([session, own]) => {
    const [last, first] = [own[0], own.at(-1)];
    if (last === undefined || first === undefined) return [];
    return [
      {
        session,
        source: last.source,
        providerId: last.providerId,
        model: last.model,
        requests: own.length,
        firstAt: first.at,
        lastAt: last.at,
        segments: last.prefix.segments,
        bytes: last.prefix.bytes,
        promptTokens: sum(own, ({ promptTokens }) => promptTokens),
        cacheTokens: sum(own, ({ cacheTokens }) => cacheTokens),
        ...costsOf(drifts.filter((drift) => drift.session === session && drift.seenBy === 'gateway')),
      },
    ];
  });
}
