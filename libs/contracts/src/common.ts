import { z } from 'zod';

/** A slug. It is a bus subject token, a KV key and part of URLs, so nothing else may pass. */
export const ProviderIdSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'use 1 to 63 of a-z, 0-9 and hyphen, no hyphen at the ends',
  )
  // The one slug that every JavaScript object has as a property; ids are keys of objects in every consumer.
  .refine((id) => id !== 'constructor', 'is reserved; use another id')
  .describe('Provider id: a slug of a-z, 0-9 and hyphen')
  .meta({ id: 'ProviderId' });

/** UTC, exactly microseconds: what PostgreSQL keeps, so the same instant is the same string on the bus, in the table and in a key. */
export const InstantSchema = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/,
    'expected UTC with six decimals, e.g. 2026-11-20T16:12:49.123456Z',
  )
  .refine((text) => Number.isFinite(Date.parse(text)), 'is no instant of the calendar')
  .describe('Instant: RFC 3339 in UTC with exactly six decimals')
  .meta({ id: 'Instant' });
export type Instant = z.infer<typeof InstantSchema>;

/** An instant as its host wrote it (nanoseconds kept), for questions back to that host. */
export const HostInstantSchema = z
  .string()
  .min(20)
  .max(40)
  .describe('RFC 3339 as the host wrote it, its nanoseconds kept');

/** Any RFC 3339 instant, as a person or program may type it in a query. */
export const AnyInstantSchema = z.iso
  .datetime({ offset: true })
  .describe('RFC 3339 instant, e.g. 2026-11-20T16:00:00Z');

export const SourceSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)
  .describe(
    'The consumer that sent a request: X-Boo-Source, else derived from the User-Agent, else "unattributed"',
  )
  .meta({ id: 'Source' });

/** Text that PostgreSQL can compare with what it has stored: it takes no NUL character. */
export const SearchTextSchema = z
  .string()
  .refine((text) => !text.includes('\0'), 'must not contain the NUL character');

export const ModelIdSchema = SearchTextSchema.min(1)
  .max(256)
  .describe('Model id as its host names it; may contain slashes');

export const SeqSchema = z.int().min(-1).describe('Sequence in the FLEET stream; -1 = nothing applied yet');

/** Any JSON that is not nested so deeply that it could not be written again. */
export const ShallowSchema = z.unknown().refine((value) => isShallow(value, 16), 'is nested too deeply');

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

export const LogSourceSchema = z
  .enum(['proxy', 'upstream'])
  .describe('proxy: the host’s own log; upstream: what its model servers print');
export type LogSource = z.infer<typeof LogSourceSchema>;

export const ProblemSchema = z
  .object({
    code: z.string().describe('Stable, machine-readable'),
    message: z.string().describe('A sentence for a person: what happened and what to do'),
    requiresConfirmation: z
      .boolean()
      .optional()
      .describe('true: the same again with `confirm=true` is done; absent: it is not a question'),
    details: ShallowSchema.optional().describe('More, by code; absent when there is nothing to add'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof ProblemSchema>;
