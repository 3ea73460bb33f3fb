import { FactSchemas, parseFactSubject, subjects, type FactKind, type FactMap } from '@boocontrol/contracts';
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

/** What the consumer asks the log for. */
export const HISTORY_SUBJECTS: readonly string[] = HISTORY_KINDS.map((kind) => subjects.fact('*', kind));

/** The schema of a subject's facts: the kind's own, and the body must name the host that the subject names. */
export function historyFactSchema(subject: string): z.ZodType<HistoryFact> | null {
  const parsed = parseFactSubject(subject);
  const kind = HISTORY_KINDS.find((known) => known === parsed?.kind);
  if (parsed === null || kind === undefined) return null;
  return z
    .unknown()
    .pipe(FactSchemas[kind] as z.ZodType<FactMap[HistoryKind]>)
    .refine((body) => body.providerId === parsed.providerId, {
      error: 'is not the host of the subject',
      path: ['providerId'],
    })
    .transform((body) => ({ kind, body }) as HistoryFact);
}
