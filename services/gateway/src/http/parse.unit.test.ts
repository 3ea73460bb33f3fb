import {
  ActivityQuerySchema,
  PerfQuerySchema,
  ProviderInputSchema,
  TotalsQuerySchema,
} from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ApiError } from './errors.js';
import { parseInput, shapeQuery } from './parse.js';

function refusal(parse: () => unknown): ApiError {
  try {
    parse();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}
const query = (raw: Record<string, unknown>): unknown =>
  parseInput(ActivityQuerySchema, shapeQuery(ActivityQuerySchema, raw), 'query');

describe('a query', () => {
  it('takes a name once or repeatedly as a list', () => {
    expect(query({ model: 'a' })).toEqual({ model: ['a'], limit: 100 });
    expect(query({ model: ['a', 'b/c'], status: '5xx' })).toEqual({
      model: ['a', 'b/c'],
      status: ['5xx'],
      limit: 100,
    });
  });

  it('takes true and false as yes and no, and nothing else', () => {
    const schema = z.strictObject({ confirm: z.boolean().default(false), word: z.string().optional() });
    expect(shapeQuery(schema, { confirm: 'true', word: 'true' })).toEqual({ confirm: true, word: 'true' });
    expect(shapeQuery(schema, { confirm: 'false' })).toEqual({ confirm: false });
    for (const confirm of ['', '1', 'yes', 'TRUE', ['true', 'true']])
      expect(shapeQuery(schema, { confirm })).toEqual({ confirm });
  });

  it('takes digits as a number, also behind a default or optional', () => {
    expect(query({ limit: '7' })).toEqual({ limit: 7 });
    expect(shapeQuery(TotalsQuerySchema, { bucketS: '3600', groupBy: 'model' })).toEqual({
      bucketS: 3600,
      groupBy: ['model'],
    });
    expect(shapeQuery(PerfQuerySchema, { providerId: '7' })).toEqual({ providerId: '7' });
  });

  it.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '1e2' }, 'limit'],
    [{ limit: '' }, 'limit'],
    [{ limit: ['1', '2'] }, 'limit'],
    [{ from: 'yesterday' }, 'from'],
    [{ from: ['2026-11-20T16:00:00Z', '2026-11-20T16:00:00Z'] }, 'from'],
    [{ status: '200' }, 'status.0'],
    [{ modle: 'a' }, 'modle'],
    [{ 'model[]': 'a' }, 'model[]'],
    [{ __proto__x: '1' }, '__proto__x'],
  ])('%j is refused, naming %s', (raw, path) => {
    const error = refusal(() => query(raw));
    expect(error.code).toBe('validation');
    expect(error.status).toBe(400);
    expect(error.details).toEqual([expect.objectContaining({ path })]);
    expect(error.message).toContain(path);
  });
});

describe('a body', () => {
  it('has every problem named at once', () => {
    const error = refusal(() =>
      parseInput(ProviderInputSchema, { id: 'A B', baseUrl: 'x', color: 1 }, 'body'),
    );
    expect((error.details as { path: string }[]).map(({ path }) => path).sort()).toEqual([
      'baseUrl',
      'color',
      'id',
    ]);
  });

  it.each([[undefined], [null], [[]], ['text'], [7]])('%j is refused', (body) => {
    expect(refusal(() => parseInput(ProviderInputSchema, body, 'body')).code).toBe('validation');
  });
});
