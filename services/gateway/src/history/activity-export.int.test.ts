import { get, type IncomingMessage } from 'node:http';
import { ActivityRowSchema, calls, type ActivityRow } from '@boocontrol/contracts';
import { toActivityRow } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { body } from '../testing/facts.js';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;

beforeAll(async () => {
  world = await World.create();
  gateway = await world.gateway();
  await waitFor(async () => (await gateway.get('/api/fleet')).status === 200, { what: 'the first rebuild' });
});
afterAll(() => world?.stop());

const row = (n: number, more: Partial<ActivityRow> = {}): ActivityRow => ({
  ...toActivityRow(body('request', 'tower', n)),
  ...more,
});

/** Answers with these pages, one after the other, and keeps what was asked. */
async function answering<T>(
  pageOf: (at: number) => { rows: ActivityRow[]; nextCursor: string | null },
  work: (asked: unknown[]) => Promise<T>,
): Promise<T> {
  const asked: unknown[] = [];
  const responder = world.bus.answer(calls.activity.subject, (question) => pageOf(asked.push(question) - 1));
  try {
    await world.bus.nc.flush();
    return await work(asked);
  } finally {
    responder.stop();
  }
}

describe('the list of requests as a file', () => {
  const hostile = row(2, { model: '=1+1|<b>', reqPath: '/a,b', statusCode: 502, errorMsg: 'no\nlines' });
  const twoPages = (at: number) =>
    at === 0 ? { rows: [row(1)], nextCursor: 'bmV4dA' } : { rows: [hostile], nextCursor: null };

  it('is a table of all pages, asked with the filter as it was meant', async () => {
    await answering(twoPages, async (asked) => {
      const {
        status,
        headers,
        body: text,
      } = await gateway.get<string>('/api/activity/export?model=a&model=b&status=failed');
      expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
      expect(headers.get('content-disposition')).toBe('attachment; filename="activity.csv"');
      const lines = text.split('\r\n');
      expect(lines[0]).toBe(
        'ts,host,model,consumer,path,status,duration_ms,prompt_tokens,cached_tokens,output_tokens,prompt_tps,gen_tps,error,capture,dispatch,key',
      );
      expect(lines).toHaveLength(4);
      expect(lines[1]).toContain(`${row(1).ts},tower,`);
      expect(lines[2]).toContain(`tower,'=1+1|<b>,boochat,"/a,b",502,`);
      expect(asked).toEqual([
        { model: ['a', 'b'], status: ['failed'], limit: 500 },
        { model: ['a', 'b'], status: ['failed'], limit: 500, cursor: 'bmV4dA' },
      ]);
    });
  });

  it('has each request whole as JSON Lines, and a table for people', async () => {
    await answering(twoPages, async () => {
      const { headers, body: text } = await gateway.get<string>('/api/activity/export?format=jsonl');
      expect(headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
      const rows = text.trim().split('\n');
      expect(rows.map((line) => ActivityRowSchema.parse(JSON.parse(line)))).toEqual([row(1), hostile]);
    });
    await answering(twoPages, async () => {
      const { body: text } = await gateway.get<string>('/api/activity/export?format=md');
      const lines = text.trim().split('\n');
      expect(lines).toHaveLength(4);
      expect(new Set(lines.map((line) => line.split(/(?<!\\)\|/).length)).size).toBe(1);
    });
  });

  it('names what is wrong before there is a file, and breaks off where it cannot go on', async () => {
    expect(await gateway.get('/api/activity/export?format=exe')).toMatchObject({
      status: 400,
      error: { code: 'validation' },
    });
    expect(await gateway.get('/api/activity/export')).toMatchObject({ status: 503 });
    await answering(
      (at) => {
        if (at > 0) throw { code: 'internal', message: 'the database is away' };
        return { rows: [row(1)], nextCursor: 'bmV4dA' };
      },
      async () => {
        await expect(gateway.wire('/api/activity/export')).rejects.toThrow();
      },
    );
  });

  it('goes as fast as it is read: of 100,000 rows no more than a few pages are held', async () => {
    const pages = 200;
    const rows = Array.from({ length: 500 }, (_, n) => row(n));
    await answering(
      (at) => ({ rows, nextCursor: at + 1 < pages ? `page${at + 1}` : null }),
      async (asked) => {
        const answer = await new Promise<IncomingMessage>((resolve, reject) => {
          get(`${gateway.url}/api/activity/export?format=jsonl`, { agent: false }, resolve).on(
            'error',
            reject,
          );
        });
        // Nobody reads, and the gateway has its turns: what it asks for meanwhile lies in buffers of the connection.
        for (let turn = 0; turn < 2 * pages; turn++) await gateway.get('/api/session');
        expect(asked.length).toBeLessThan(pages / 2);
        let lines = 0;
        for await (const chunk of answer as AsyncIterable<Buffer>)
          for (const byte of chunk) if (byte === 10) lines++;
        expect([lines, asked.length]).toEqual([100_000, pages]);
      },
    );
  });
});
