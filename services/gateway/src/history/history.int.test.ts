import { calls } from '@boocontrol/contracts';
import { activityKey, toActivityRow } from '@boocontrol/fleet-model';
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

describe('history', () => {
  it('is asked of fleet-state, with the query as it was meant', async () => {
    expect(await gateway.get('/api/activity')).toMatchObject({ status: 503, error: { code: 'unavailable' } });
    const asked: unknown[] = [];
    const row = toActivityRow(body('request', 'tower', 7));
    const responder = world.bus.answer(calls.activity.subject, (question) => {
      asked.push(question);
      return { rows: [row], nextCursor: null };
    });
    try {
      await world.bus.nc.flush();
      const reply = await gateway.get(
        '/api/activity?model=a&model=b%2Fc&status=5xx&limit=7&from=2026-11-20T16:00:00Z',
      );
      expect(reply).toMatchObject({ status: 200, body: { rows: [row], nextCursor: null } });
      expect(asked).toEqual([
        { model: ['a', 'b/c'], status: ['5xx'], limit: 7, from: '2026-11-20T16:00:00Z' },
      ]);
    } finally {
      responder.stop();
    }
  });

  it.each([
    ['swaps?', calls.swaps.subject, { swaps: [], nextCursor: 'c3dhcHM' }],
    ['activity/totals?', calls.totals.subject, { groups: [], nextCursor: 'dG90YWxz' }],
    ['gaps?', calls.gaps.subject, { gaps: [], nextCursor: 'Z2Fwcw' }],
    ['model-figures?providerId=tower&', calls.modelFigures.subject, { models: [], nextCursor: 'bW9kZWxz' }],
  ])('has %s page by page', async (path, subject, page) => {
    const asked: unknown[] = [];
    const responder = world.bus.answer(subject, (question) => {
      asked.push(question);
      return asked.length === 1 ? page : { ...page, nextCursor: null };
    });
    try {
      await world.bus.nc.flush();
      expect(await gateway.get(`/api/${path}limit=7`)).toMatchObject({ status: 200, body: page });
      expect(await gateway.get(`/api/${path}limit=7&cursor=${page.nextCursor}`)).toMatchObject({
        body: { nextCursor: null },
      });
      expect(asked).toMatchObject([{ limit: 7 }, { limit: 7, cursor: page.nextCursor }]);
    } finally {
      responder.stop();
    }
  });

  it('refuses what fleet-state refuses, and does not pass on what does not fit', async () => {
    const problem = { code: 'bad_cursor', message: 'no such cursor' };
    const refusing = world.bus.answer(calls.modelEvents.subject, () => {
      throw problem;
    });
    const broken = world.bus.answer(calls.swaps.subject, () => ({ swaps: 'none' }));
    try {
      await world.bus.nc.flush();
      expect(await gateway.get('/api/model-events')).toMatchObject({ status: 400, error: problem });
      expect(await gateway.get('/api/swaps')).toMatchObject({
        status: 502,
        error: { code: 'bad_upstream_answer' },
      });
    } finally {
      refusing.stop();
      broken.stop();
    }
  });

  it('has one request by its key', async () => {
    const request = body('request', 'tower', 9);
    const asked: unknown[] = [];
    const responder = world.bus.answer(calls.activityEntry.subject, (question) => {
      asked.push(question);
      if (asked.length > 1) throw { code: 'not_found', message: 'no such request' };
      return { row: toActivityRow(request), capture: null, captureState: 'none' };
    });
    try {
      await world.bus.nc.flush();
      expect(await gateway.get(`/api/activity/${activityKey(request)}`)).toMatchObject({
        status: 200,
        body: { captureState: 'none' },
      });
      expect(asked).toEqual([{ providerId: 'tower', entryId: 9, ts: request.ts }]);
      expect((await gateway.get(`/api/activity/${activityKey(request)}`)).status).toBe(404);
    } finally {
      responder.stop();
    }
    expect(await gateway.get('/api/activity/not-a-key')).toMatchObject({
      status: 400,
      error: { code: 'validation' },
    });
  });

  it.each([
    '/api/perf',
    '/api/activity/totals?groupBy=colour',
    '/api/gaps?providerId=A',
    '/api/gaps?limit=5001',
    '/api/swaps?from=x',
    '/api/model-figures',
  ])('names what is wrong in %s', async (path) => {
    expect(await gateway.get(path)).toMatchObject({ status: 400, error: { code: 'validation' } });
  });
});
