import { z } from 'zod';

/** Which page of a list is asked for. */
export const CursorSchema = z
  .string()
  .max(512)
  .optional()
  .describe('nextCursor of the page before; absent: the first page');

/** Where a list goes on. @param end what null says of it */
export const nextCursorOf = (end: string): z.ZodNullable<z.ZodString> =>
  z.string().nullable().describe(`null: ${end}`);
