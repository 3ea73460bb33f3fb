import { cursorRefusals, InstantSchema, SearchTextSchema } from '@boocontrol/contracts';
import { toInstant } from '@boocontrol/fleet-model';
import { refuse } from '@boocontrol/platform';
import { z } from 'zod';

/** An instant that is also a day of the calendar, so that PostgreSQL takes it. */
const CursorInstant = InstantSchema.refine((text) => toInstant(text) === text);

/** A page ends at a row; its cursor is that row's sort key, opaque to everyone else. */
export interface CursorCodec<T> {
  encode: (key: T) => string;
  /** Thrown: CallError `bad_cursor` for anything that encode() did not make. */
  decode: (cursor: string) => T;
}

function codec<S extends z.ZodType<unknown[]>>(kind: string, schema: S): CursorCodec<z.output<S>> {
  return {
    encode: (key) => Buffer.from(JSON.stringify([kind, ...(key as unknown[])])).toString('base64url'),
    decode: (cursor) => {
      const parsed = schema.safeParse(fieldsOf(kind, cursor));
      if (parsed.success) return parsed.data;
      throw refuse(
        cursorRefusals,
        'bad_cursor',
        'The cursor is not one that this query gave out; start without one',
      );
    },
  };
}

function fieldsOf(kind: string, cursor: string): unknown {
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) return null;
  try {
    const [first, ...fields] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    return first === kind ? fields : null;
  } catch {
    return null; // Neither JSON nor a list.
  }
}

/** ts, provider, entry: the order of the activity feed. */
export const activityCursor = codec('a', z.tuple([CursorInstant, SearchTextSchema, z.int().min(0)]));

/** ts, seq, provider, model, state: the order of model events. */
export const modelEventCursor = codec(
  'm',
  z.tuple([CursorInstant, z.int(), SearchTextSchema, SearchTextSchema, SearchTextSchema]),
);

/** provider, model: the order of swaps. */
export const swapCursor = codec('s', z.tuple([SearchTextSchema, SearchTextSchema]));

/** model: the order of the figures of a host's models. */
export const modelCursor = codec('f', z.tuple([SearchTextSchema]));

/** The named fields of a group, a bucket first: the order of totals that are grouped by them. */
export const totalsCursor = (fields: readonly string[]): CursorCodec<string[]> =>
  codec(
    `t ${fields.join(' ')}`,
    z
      .array(SearchTextSchema)
      .min(1)
      .length(fields.length)
      .refine(([first]) => fields[0] !== 'bucket' || CursorInstant.safeParse(first).success),
  );

/** fromTs, provider, kind, reason of a loss (else empty): the order of gaps. */
export const gapCursor = codec('g', z.tuple([CursorInstant, z.string(), z.string(), z.string()]));
