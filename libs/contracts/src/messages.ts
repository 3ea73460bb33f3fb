import { z } from 'zod';
import { InstantSchema, LogSourceSchema, ProviderIdSchema } from './common.js';

/** What crosses the bus beside the facts of the fleet: log lines, captures, job events, dead letters. */

const base = {
  providerId: ProviderIdSchema,
  at: InstantSchema.describe('When ingest stated it'),
};
const count = z.int().min(0);

export const LogModelSchema = z
  .object({
    id: z.string().describe('As the host lists it'),
    by: z
      .enum(['told', 'matched', 'probable'])
      .describe(
        'told: the host names it in the line; matched: the model’s own log has the line, and no other’s; probable: it may be another’s',
      ),
  })
  .meta({ id: 'LogModel' });
export type LogModel = z.infer<typeof LogModelSchema>;

export const LogLineSchema = z
  .object({
    ...base,
    source: LogSourceSchema,
    line: z.string().describe('One line without its line break, at most 8 kB'),
    cut: z.boolean().describe('true: the line was longer'),
    model: LogModelSchema.optional().describe('Which model it is of. Absent: not known'),
  })
  .meta({ id: 'LogLine' });
export type LogLine = z.infer<typeof LogLineSchema>;

export const BodySchema = z
  .object({
    encoding: z.enum(['utf8', 'base64']).describe('How data is written: as text, or base64 where it is none'),
    data: z.string().describe('The body, or its beginning'),
    bytes: count.describe('Size of the original in bytes'),
    cut: z.boolean().describe('true: data is only the beginning'),
  })
  .meta({ id: 'CapturedBody' });
export type CapturedBody = z.infer<typeof BodySchema>;

export const CaptureSchema = z
  .object({
    ...base,
    entryId: count.describe('The host’s row id'),
    ts: InstantSchema.describe('The host’s timestamp of the row'),
    reqPath: z.string().describe('Path of the request'),
    reqHeaders: z.record(z.string(), z.string()).describe('As the host kept them'),
    reqBody: BodySchema.nullable().describe('null: the host kept none'),
    respHeaders: z.record(z.string(), z.string()).describe('As the host kept them'),
    respBody: BodySchema.nullable().describe('null: the host kept none (errors, audio and image routes)'),
  })
  .describe('At most 256 kB as JSON; bodies are cut to fit and marked')
  .meta({ id: 'Capture' });
export type Capture = z.infer<typeof CaptureSchema>;

export const DeadLetterSchema = z
  .object({
    origin: z.string().describe('The service that gave up'),
    subject: z.string().describe('Where the message was read'),
    seq: z.int().nullable().describe('Its stream sequence; null for a message that never was on the log'),
    code: z.string().describe('invalid_json, invalid_schema, processing_failed, bad_frame …'),
    reason: z.string().describe('What was wrong with it'),
    attempts: count.describe('How often it was tried'),
    at: InstantSchema.describe('When it was given up'),
    data: z.string().describe('The message, at most 64 kB of it'),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof DeadLetterSchema>;
