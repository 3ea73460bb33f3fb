import { FactSchemas, parseFactSubject, type FactKind, type FactMap } from '@boocontrol/contracts';
import { onePerSubject } from '@boocontrol/platform';
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

const PRESENT = z.unknown().transform((): LogFact => ({ kind: 'present' }));

const factSchema = (kind: HistoryKind, providerId: string): z.ZodType<LogFact> =>
  z
    .unknown()
    .pipe(FactSchemas[kind] as z.ZodType<FactMap[HistoryKind]>)
    .refine((body) => body.providerId === providerId, {
      error: 'is not the host of the subject',
      path: ['providerId'],
    })
    .transform((body) => ({ kind, body }) as HistoryFact);

/** The schema of a subject's facts, null for another subject: the kind's own, and the body must name the host that the subject names. */
export const historyFactSchema = onePerSubject<LogFact>((subject) => {
  const parsed = parseFactSubject(subject);
  if (parsed === null) return null;
  const kind = HISTORY_KINDS.find((known) => known === parsed.kind);
  return kind === undefined ? PRESENT : factSchema(kind, parsed.providerId);
});
