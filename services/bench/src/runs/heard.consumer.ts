import { STREAM, subjects, UNATTRIBUTED } from '@boocontrol/contracts';
import { Consume, pause, type BusMessage } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { OUR_SOURCE } from './our-source.js';
import { insertHeard, spansSince, type Span } from '../contamination/evidence.repository.js';
import { HEARD_KINDS, heardIn, schemaOfKind, type Heard, type HeardFact } from '../contamination/heard.js';
import { Marks } from './marks.js';
import { TOLERANCE_MS } from '../contamination/matching.js';
import { noteTraffic, type Use } from '../contamination/traffic.repository.js';

/** Between two batches: one question to the database for all that came meanwhile. */
const GATHER_MS = 100;

/** Facts of hosts that are measured, and who has used which host lately. */
@Injectable()
export class HeardConsumer {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Marks) private readonly marks: Marks,
  ) {}

  @Consume<HeardFact>({
    name: 'heard',
    durable: 'bench-heard',
    stream: STREAM.fleet,
    filterSubjects: HEARD_KINDS.map((kind) => subjects.factsOfKind(kind)),
    schemaFor: (subject) => schemaOfKind(subject.slice(subject.lastIndexOf('.') + 1)),
    batchSize: 2_000,
  })
  async hear(batch: readonly BusMessage<HeardFact>[]): Promise<void> {
    await pause(GATHER_MS);
    const facts = batch.map(({ value }) => ({ fact: value, heard: heardIn(value) }));
    const oldestMs = facts
      .flatMap(({ heard }) => heard)
      .reduce((least, { startedMs }) => Math.min(least, startedMs), Infinity);
    if (oldestMs === Infinity) return;
    const spans = await spansSince(this.db, oldestMs - TOLERANCE_MS);
    const kept = facts.flatMap(({ fact, heard }) => during(spans, fact.body.providerId, heard));
    const ended = kept.length === 0 ? [] : await insertHeard(this.db, kept);
    const uses = facts.flatMap(({ fact }) => useIn(fact, spans));
    if (uses.length > 0) await noteTraffic(this.db, uses);
    // Whoever measures judges what is under way, and once more when it ends.
    for (const runId of ended) await this.marks.judge(runId);
  }
}

/** With each run of that host that was under way meanwhile. */
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

/** A request of somebody else. While a host is measured, one of an unknown sender is as likely ours: cells are marked for it. */
function useIn({ kind, body }: HeardFact, spans: readonly Span[]): Use[] {
  if (kind !== 'request') return [];
  const { providerId, source, model, endedAt } = body;
  const endedMs = Date.parse(endedAt);
  const isMeasured = spans.some(
    (span) =>
      span.providerId === providerId &&
      endedMs >= span.fromMs - TOLERANCE_MS &&
      (span.untilMs === null || endedMs <= span.untilMs + TOLERANCE_MS),
  );
  if (source === OUR_SOURCE || (source === UNATTRIBUTED && isMeasured)) return [];
  return [{ providerId, source, model, at: endedAt }];
}
