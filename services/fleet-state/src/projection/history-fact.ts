import { FactSchemas, parseFactSubject, type FactKind, type FactMap } from '@boocontrol/contracts';
import { z } from 'zod';

/** Facts that leave a row in the tables. The others (`models`, `inflight`) only carry the present. */
const HISTORY_KINDS = [
  'request',
  'perf',
  'model-changed',
  'gap',
  'liveness',
] as const satisfies readonly FactKind[];
type HistoryKind = (typeof HISTORY_KINDS)[number];

export type HistoryFact = { [K in HistoryKind]: { kind: K; body: FactMap[K] } }[HistoryKind];
/** What the consumer reads; `present`: a fact of a kind that leaves no row. */
export type LogFact = HistoryFact | { kind: 'present' };

/** The schema of a subject's facts, null for another subject: the kind's own, and the body must name the host that the subject names. */
export function historyFactSchema(subject: string): z.ZodType<LogFact> | null {
  const parsed = parseFactSubject(subject);
  const kind = HISTORY_KINDS.find((known) => known === parsed?.kind);
  if (parsed === null) return null;
  if (kind === undefined) return z.unknown().transform(() => ({ kind: 'present' }) as const);
  return z
    .unknown()
    .pipe(FactSchemas[kind] as z.ZodType<FactMap[HistoryKind]>)
    .refine((body) => body.providerId === parsed.providerId, {
      error: 'is not the host of the subject',
      path: ['providerId'],
    })
    .transform((body) => ({ kind, body }) as HistoryFact);
}
