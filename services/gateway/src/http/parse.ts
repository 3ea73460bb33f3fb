import { z } from 'zod';
import { ApiError } from './errors.js';

export interface FieldProblem {
  path: string;
  message: string;
}

function problemsOf(error: z.ZodError, known: readonly string[]): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({
      path: path === '' ? key : `${path}.${key}`,
      message:
        path === '' && known.length > 0 ? `unknown field; known are ${known.join(', ')}` : 'unknown field',
    }));
  });
}

/**
 * Parses what a client sent. Thrown: ApiError `validation`, whose message and details name each field.
 * @param what for the message, e.g. "query" or "body"
 */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const problems = problemsOf(parsed.error, known);
  const words = problems
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');
  throw new ApiError('validation', `The ${what} is not valid. ${words}`, problems);
}

/** The schema inside optional, default and nullable. */
function innermost(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodNullable) {
    inner = inner.def.innerType;
  }
  return inner;
}

/** Text that is no plain number stays text, so that the schema's complaint names it. */
function toNumber(text: unknown): unknown {
  return typeof text === 'string' && /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Text that is neither stays text, so that the schema's complaint names it. */
function toBoolean(text: unknown): unknown {
  return text === 'true' ? true : text === 'false' ? false : text;
}

/**
 * Query parameters are text, once or repeated; gives each field the shape its schema asks for:
 * lists may be given once, numbers come as digits, yes and no as true and false.
 */
export function shapeQuery(
  schema: z.ZodObject,
  raw: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => {
      const field = innermost(schema.shape[name]);
      if (field instanceof z.ZodArray) return [name, Array.isArray(value) ? value : [value]];
      if (field instanceof z.ZodBoolean) return [name, toBoolean(value)];
      return [name, field instanceof z.ZodNumber ? toNumber(value) : value];
    }),
  );
}
