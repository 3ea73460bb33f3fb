import { SearchTextSchema } from '@boocontrol/contracts';
import { CursorInstant, cursorCodec, type CursorCodec } from '@boocontrol/platform';
import { z } from 'zod';

/** ts, provider, entry: the order of the activity feed. */
export const activityCursor = cursorCodec('a', z.tuple([CursorInstant, SearchTextSchema, z.int().min(0)]));

/** ts, seq, provider, model, state: the order of model events. */
export const modelEventCursor = cursorCodec(
  'm',
  z.tuple([CursorInstant, z.int(), SearchTextSchema, SearchTextSchema, SearchTextSchema]),
);

/** provider, model: the order of swaps. */
export const swapCursor = cursorCodec('s', z.tuple([SearchTextSchema, SearchTextSchema]));

/** model: the order of the figures of a host's models. */
export const modelCursor = cursorCodec('f', z.tuple([SearchTextSchema]));

/** The named fields of a group, a bucket first: the order of totals that are grouped by them. */
export const totalsCursor = (fields: readonly string[]): CursorCodec<string[]> =>
  cursorCodec(
    `t ${fields.join(' ')}`,
    z
      .array(SearchTextSchema)
      .min(1)
      .length(fields.length)
      .refine(([first]) => fields[0] !== 'bucket' || CursorInstant.safeParse(first).success),
  );

/** fromTs, provider, kind, reason of a loss (else empty): the order of gaps. */
export const gapCursor = cursorCodec('g', z.tuple([CursorInstant, z.string(), z.string(), z.string()]));
