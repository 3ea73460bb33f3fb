import { describe, expect, it } from 'vitest';
import type { HostRow } from '@boocontrol/llama-swap';
import { Engines } from './engines.js';

const row: HostRow = {
  entryId: 1,
  ts: '2026-11-21T12:00:00.000000Z',
  model: 'qwen',
  reqPath: '/v1/chat/completions',
  respContentType: null,
  statusCode: 200,
  durationMs: 10,
  cacheTokens: 400,
  inputTokens: 1000,
  outputTokens: 5,
  draftTokens: null,
  draftAcceptedTokens: null,
  promptTps: 900,
  genTps: 40,
  hasCapture: false,
  errorMsg: null,
};
const usageAlone: HostRow = { ...row, promptTps: null, genTps: null };
const sum = { promptTokens: 1400, promptCounts: 'known' };
const whole = { promptTokens: 1000, promptCounts: 'known' };

describe('the prompt of a row', () => {
  it('is sure in the generations A and B, where rates come with timings alone', () => {
    for (const generation of ['A', 'B'] as const) {
      expect(new Engines().promptOf(row, null, generation)).toEqual(sum);
      expect(new Engines().promptOf(usageAlone, null, generation)).toEqual(whole);
    }
  });

  it('is uncertain in C until something told which server answers', () => {
    const engines = new Engines();
    expect(engines.promptOf(row, null, 'C')).toEqual({ ...sum, promptCounts: 'uncertain' });
    expect(engines.promptOf(usageAlone, null, 'C')).toEqual(whole);
    engines.learn('qwen', false);
    expect(engines.promptOf(row, null, 'C').promptCounts).toBe('uncertain');
    engines.learn('qwen', true);
    expect(engines.promptOf(row, null, 'C')).toEqual(sum);
    expect(engines.promptOf({ ...row, model: 'other' }, null, 'C').promptCounts).toBe('uncertain');
  });

  it('follows its own capture, which also tells of the rows to come', () => {
    const engines = new Engines();
    expect(engines.promptOf(row, false, 'C')).toEqual(whole);
    expect(engines.promptOf(row, null, 'C').promptCounts).toBe('uncertain');
    expect(engines.promptOf(row, true, 'C')).toEqual(sum);
    expect(engines.promptOf(row, null, 'C')).toEqual(sum);
  });
});
