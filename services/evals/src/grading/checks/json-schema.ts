import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject } from 'ajv';
import { RE2JS } from 're2js';
import { isRecord } from '../../values/equal.js';
import { within } from '../../values/within.js';

const MAX_SCHEMA_CHARS = 100_000;
const MAX_MS = 2_000;

/** A schema that cannot be used; its message says why. */
export class BadSchema extends Error {
  override readonly name = 'BadSchema';
}

/** Patterns of a schema are matched in linear time too. */
const regExp = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    return { test: (text: string) => compiled.matcher(text).find() };
  },
  { code: 'new RegExp' },
);

/**
 * Checks a value against a schema that a stranger wrote: no references outside of it, expressions in linear time, and ended
 * when it takes too long.
 * @returns what is wrong with the value, in words; null: it fits
 * @throws {BadSchema} when the schema is none, is too large, or keeps the checker busy
 */
export function misfitOf(schema: unknown, value: unknown): string | null {
  const validate = attempt(() => compile(schema));
  return attempt(() => (validate(value) ? null : words(validate.errors ?? [])));
}

/** @throws {BadSchema} when the schema cannot be used */
export function checkSchema(schema: unknown): void {
  attempt(() => compile(schema));
}

function compile(schema: unknown) {
  if (typeof schema === 'boolean') return new Ajv2020().compile(schema);
  if (!isRecord(schema)) throw new BadSchema('it is no object');
  if (JSON.stringify(schema).length > MAX_SCHEMA_CHARS) throw new BadSchema('it is too long');
  const { $schema: _draft, $id: _id, ...plain } = schema;
  const ajv = new Ajv2020({
    strict: false,
    validateFormats: false,
    // Of a draft that is not known here, only what this one has is looked at.
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
    code: { regExp: regExp as never },
  });
  return ajv.compile({ ...plain, $async: undefined });
}

function attempt<T>(work: () => T): T {
  try {
    return within(MAX_MS, work);
  } catch (error) {
    if (error instanceof BadSchema) throw error;
    throw new BadSchema(error instanceof Error ? error.message : String(error));
  }
}

function words(errors: readonly ErrorObject[]): string {
  const said = errors
    .slice(0, 5)
    .map(({ instancePath, message }) => `${instancePath || 'it'} ${message ?? 'does not fit'}`);
  return said.join('; ');
}
