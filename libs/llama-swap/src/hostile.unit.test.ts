import { describe, expect, it } from 'vitest';
import { FrameReader, type HostEvent } from './frames.js';
import { isShallow } from './loose.js';
import { readPerformance } from './perf.js';
import { readRows } from './rows.js';
import { SseParser } from './sse.js';

const DEEP: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
const NOW = '2026-11-20T16:12:49Z';

function event<T extends HostEvent['type']>(
  reader: FrameReader,
  type: T,
  data: unknown,
): Extract<HostEvent, { type: T }> {
  const read = reader.read({ ok: true, data: JSON.stringify({ type, data: JSON.stringify(data) }) });
  if (read.type !== type) throw new Error(JSON.stringify(read).slice(0, 500));
  return read as Extract<HostEvent, { type: T }>;
}

describe('a hostile host', () => {
  it('nests a row deeper than can be written: it is one bad row', () => {
    const { rows, bad } = readRows([
      { id: 1, timestamp: NOW },
      { id: 2, timestamp: 5, x: DEEP },
    ]);
    expect(rows.map(({ entryId }) => entryId)).toEqual([1]);
    expect(bad).toEqual([
      { reason: 'timestamp is not an instant', raw: '(nested too deeply to be written)' },
    ]);
    expect(isShallow({ x: DEEP })).toBe(false);
    expect(isShallow({ gpus: [{ name: 'RTX' }] })).toBe(true);
  });

  it('reports numbers that no sum can hold', () => {
    const row = { id: 1, timestamp: NOW };
    for (const strange of [
      { ...row, duration_ms: 1e308 },
      { ...row, tokens: { input_tokens: 1e300 } },
      { ...row, tokens: { tokens_per_second: 1e308 } },
    ]) {
      expect(readRows([strange])).toMatchObject({
        rows: [],
        bad: [{ reason: expect.stringContaining('out of range') as string }],
      });
    }
  });

  it('reports more GPUs at one time than a message holds', () => {
    const gpus = Array.from({ length: 1_000 }, (_, id) => ({ timestamp: NOW, id }));
    const read = readPerformance({ gpu_stats: gpus, sys_stats: [] });
    expect(read?.gpu).toHaveLength(256);
    expect(read?.bad).toHaveLength(744);
  });

  it('lists more models than a message holds: the first are followed, and the rest is said', () => {
    const many = Array.from({ length: 3_000 }, (_, n) => ({ id: `m${n}`, state: 'ready' }));
    const { models, bad } = event(new FrameReader(), 'modelStatus', many);
    expect(models).toHaveLength(1_000);
    expect(bad).toMatchObject([{ reason: '3000 models are too many; only the first 1000 are followed' }]);

    const aliases = Array.from({ length: 64 }, (_, n) => `${n}${'x'.repeat(250)}`);
    const long = Array.from({ length: 500 }, (_, n) => ({ id: `m${n}`, state: 'ready', aliases }));
    const { models: kept } = event(new FrameReader(), 'modelStatus', long);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(700 * 1024);
    expect(kept.length).toBeGreaterThan(10);
  });

  it('begins requests without end: the oldest are forgotten', () => {
    const reader = new FrameReader();
    const upsert = (n: number): HostEvent =>
      event(reader, 'inflight', { operation: 'upsert', request: { id: `r${n}`, model: 'm' } });
    for (let n = 0; n < 1_500; n++) upsert(n);
    const requests = Array.from({ length: 1_500 }, (_, n) => ({ id: `s${n}`, model: 'm' }));
    expect(upsert(1_500)).toMatchObject({ now: { total: 1_000 } });
    expect(event(new FrameReader(), 'inflight', { requests })).toMatchObject({ now: { total: 1_000 } });
  });

  it('hides a client’s key in a request that cannot be read: no dead letter shows it', () => {
    const { bad } = event(new FrameReader(), 'inflight', {
      requests: [
        { id: 5, req_headers: { Authorization: 'Bearer sesame', 'X-Api-Key': 'sesame', Accept: '*' } },
      ],
    });
    expect(bad).toHaveLength(1);
    expect(bad[0]?.raw).toContain('Accept');
    expect(bad[0]?.raw).not.toContain('sesame');
  });

  it('sends an event a byte at a time: it takes no more memory than its size', () => {
    const parser = new SseParser();
    const before = process.memoryUsage();
    parser.push(Buffer.from('data:'));
    for (let n = 0; n < 3_000_000; n++) parser.push(Uint8Array.of(0x78));
    const after = process.memoryUsage();
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    expect(parser.push(Buffer.from('\n\n'))).toEqual([{ ok: true, data: 'x'.repeat(3_000_000) }]);
    expect(grown).toBeLessThan(200 * 1024 * 1024);
  });
});
