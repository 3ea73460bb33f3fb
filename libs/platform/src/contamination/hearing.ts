import { UNATTRIBUTED } from '@boocontrol/contracts';
import type { DataSource } from 'typeorm';
import { insertHeard, spansSince, type EvidenceTables, type Span } from './evidence.repository.js';
import { heardIn, type Heard, type HeardFact } from './heard.js';
import { TOLERANCE_MS } from './matching.js';
import { noteTraffic, type Use } from './traffic.repository.js';
import { isWatcher } from './watcher.js';

/**
 * Keeps what facts of hosts say about runs that were under way meanwhile, and who has used which host.
 * @returns runs among them that have ended: nobody else judges these any more
 */
export async function keepHeard(
  db: DataSource,
  tables: EvidenceTables,
  ownSource: string,
  batch: readonly HeardFact[],
): Promise<string[]> {
  const facts = batch.map((fact) => ({ fact, heard: heardIn(fact).filter(matters) }));
  const oldestMs = facts
    .flatMap(({ heard }) => heard)
    .reduce((least, { startedMs }) => Math.min(least, startedMs), Infinity);
  if (oldestMs === Infinity) return [];
  const spans = await spansSince(db, tables, oldestMs - TOLERANCE_MS);
  const kept = facts.flatMap(({ fact, heard }) => during(spans, fact.body.providerId, heard));
  const ended = kept.length === 0 ? [] : await insertHeard(db, tables, kept);
  const uses = facts.flatMap(({ fact }) => useIn(fact, spans, ownSource));
  if (uses.length > 0) await noteTraffic(db, tables.schema, uses);
  return ended;
}

const matters = (heard: Heard): boolean =>
  (heard.kind !== 'request' && heard.kind !== 'inflight') || !isWatcher(heard.body.source);

/** What was heard of a host, with each run that was under way there meanwhile. */
function during(
  spans: readonly Span[],
  host: string,
  heard: readonly Heard[],
): { runId: string; heard: Heard }[] {
  return spans
    .filter(({ providerId }) => providerId === host)
    .flatMap(({ runId, fromMs, untilMs }) =>
      heard
        .filter(({ endedMs }) => endedMs >= fromMs - TOLERANCE_MS)
        .filter(({ startedMs }) => untilMs === null || startedMs <= untilMs + TOLERANCE_MS)
        .map((one) => ({ runId, heard: one })),
    );
}

/**
 * A request of somebody else. While a host is measured, one of an unknown sender is as likely ours: what is measured is marked
 * for it.
 */
function useIn({ kind, body }: HeardFact, spans: readonly Span[], ownSource: string): Use[] {
  if (kind !== 'request') return [];
  const { providerId, source, model, endedAt } = body;
  const endedMs = Date.parse(endedAt);
  const isMeasured = spans.some(
    (span) =>
      span.providerId === providerId &&
      endedMs >= span.fromMs - TOLERANCE_MS &&
      (span.untilMs === null || endedMs <= span.untilMs + TOLERANCE_MS),
  );
  if (source === ownSource || isWatcher(source) || (source === UNATTRIBUTED && isMeasured)) return [];
  return [{ providerId, source, model, at: endedAt }];
}
