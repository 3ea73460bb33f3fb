import { RequestSchema } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRows } from './rows.js';

const ROW = {
  id: 7,
  timestamp: '2026-11-20T17:12:49.123456789+01:00',
  model: 'org/qwen',
  req_path: '/v1/chat/completions',
  resp_content_type: 'application/json',
  resp_status_code: 200,
  tokens: {
    cache_tokens: 5,
    input_tokens: 10,
    output_tokens: 20,
    prompt_per_second: 99.5,
    tokens_per_second: 41.2,
  },
  duration_ms: 1234,
  has_capture: true,
};
const HostRowSchema = RequestSchema.omit({ providerId: true, at: true, endedAt: true, source: true });

describe('readRows', () => {
  it('reads a row, its instant in UTC and cut to microseconds', () => {
    const { rows, bad } = readRows([ROW]);
    expect(bad).toEqual([]);
    expect(rows).toEqual([
      {
        entryId: 7,
        ts: '2026-11-20T16:12:49.123456Z',
        model: 'org/qwen',
        reqPath: '/v1/chat/completions',
        respContentType: 'application/json',
        statusCode: 200,
        durationMs: 1234,
        cacheTokens: 5,
        inputTokens: 10,
        outputTokens: 20,
        draftTokens: null,
        draftAcceptedTokens: null,
        promptTps: 99.5,
        genTps: 41.2,
        hasCapture: true,
        errorMsg: null,
      },
    ]);
  });

  it('takes -1 as not reported, and absent fields as absent', () => {
    const tokens = {
      cache_tokens: -1,
      input_tokens: -1,
      output_tokens: 0,
      prompt_per_second: -1,
      draft_tokens: -1,
    };
    const { rows } = readRows([
      { id: 0, timestamp: ROW.timestamp, tokens },
      { id: 1, timestamp: ROW.timestamp },
    ]);
    expect(rows).toMatchObject([
      {
        cacheTokens: null,
        inputTokens: null,
        outputTokens: 0,
        promptTps: null,
        draftTokens: null,
        statusCode: 0,
      },
      { cacheTokens: null, hasCapture: false, model: 'unknown' },
    ]);
  });

  it.each([
    [{ ...ROW, id: 'x' }, 'id'],
    [{ ...ROW, id: 1.5 }, 'id'],
    [{ ...ROW, timestamp: 'soon' }, 'timestamp'],
    [{ ...ROW, tokens: [1] }, 'tokens'],
    [{ ...ROW, tokens: { input_tokens: 'many' } }, 'input_tokens'],
    [{ ...ROW, has_capture: 'yes' }, 'has_capture'],
    [{ ...ROW, resp_status_code: 20_000 }, 'resp_status_code'],
    ['text', 'not an object'],
  ])('rejects a strange row alone, and says why: %#', (row, reason) => {
    const { rows, bad } = readRows([ROW, row, { ...ROW, id: 8 }]);
    expect(rows.map(({ entryId }) => entryId)).toEqual([7, 8]);
    expect(bad).toHaveLength(1);
    expect(bad[0]?.reason).toContain(reason);
  });

  it('never throws, and what it accepts fits the contract and PostgreSQL', () => {
    const field = fc.oneof(
      fc.constant(undefined),
      fc.jsonValue(),
      fc.string({ unit: 'binary' }),
      fc.double(),
    );
    const row = fc.record(
      Object.fromEntries(
        Object.entries(ROW).map(([key, value]) => [
          key,
          fc.oneof({ weight: 6, arbitrary: fc.constant(value as unknown) }, field),
        ]),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(row, fc.anything()), { maxLength: 5 }), (items) => {
        const { rows, bad } = readRows(items);
        expect(rows.length + bad.length).toBe(items.length);
        for (const read of rows) {
          HostRowSchema.parse(read);
          expect(JSON.stringify(read)).not.toMatch(/\\u0000|\\ud[89a-f]/);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
