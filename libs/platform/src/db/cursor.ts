import { cursorRefusals, InstantSchema } from '@boocontrol/contracts';
import { toInstant } from '@boocontrol/fleet-model';
import type { z } from 'zod';
import { refuse } from '../rpc/rpc-error.js';

/** An instant that is also a day of the calendar, so that PostgreSQL takes it. */
export const CursorInstant = InstantSchema.refine((text) => toInstant(text) === text);

/** A page ends at a row; its cursor is that row's sort key, opaque to everyone else. */
export interface CursorCodec<T> {
  encode: (key: T) => string;
  /** @throws {CallError} `bad_cursor` for anything that encode() did not make */
  decode: (cursor: string) => T;
}

/**
 * The cursors of one query.
 * @param kind tells its cursors from those of others
 */
export function cursorCodec<S extends z.ZodType<unknown[]>>(
  kind: string,
  schema: S,
): CursorCodec<z.output<S>> {
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
