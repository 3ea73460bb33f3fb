import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, type HostEvent } from './frames.js';

const frame = (type: string, data: unknown): { ok: true; data: string } => ({
  ok: true,
  data: JSON.stringify({ type, data: JSON.stringify(data) }),
});
const ENTRY = {
  timestamp: '2026-11-20T16:12:49Z',
  model: 'm',
  req_path: '/v1/chat/completions',
  method: 'POST',
};

function inflight(reader: FrameReader, data: unknown): Extract<HostEvent, { type: 'inflight' }> {
  const event = reader.read(frame('inflight', data));
  if (event.type !== 'inflight') throw new Error(JSON.stringify(event));
  return event;
}

describe('FrameReader', () => {
  it('reads a model list; a peer’s empty state is unknown, capabilities come as names however they are written', () => {
    const models = [
      {
        id: 'a',
        name: 'A',
        description: '',
        state: 'ready',
        unlisted: true,
        peerID: '',
        capabilities: ['vision'],
      },
      {
        id: 'b',
        state: 'stopped',
        capabilities: { tools: true, vision: false },
        context_length: 4096,
        aliases: ['x'],
      },
      { id: 'far', state: '', peerID: 'peer' },
      { id: 'a', state: 'stopped', peerID: 'peer' },
      { name: 'nameless' },
    ];
    const event = new FrameReader().read(frame('modelStatus', models));
    expect(event).toMatchObject({
      type: 'modelStatus',
      models: [
        { id: 'a', state: 'ready', unlisted: true, peerId: null, capabilities: ['vision'], ttlS: null },
        { id: 'b', state: 'stopped', capabilities: ['tools'], contextLength: 4096, aliases: ['x'] },
        { id: 'far', state: 'unknown', peerId: 'peer' },
      ],
      bad: [{ reason: 'id is missing' }],
    });
  });

  it('folds the three shapes of inflight into whole lists', () => {
    const reader = new FrameReader();
    expect(inflight(reader, { total: 3 })).toMatchObject({ shape: 'A', now: { total: 3, requests: [] } });
    const b = inflight(reader, { requests: [{ id: '1', ...ENTRY }] });
    expect(b).toMatchObject({
      shape: 'B',
      now: { total: 1, requests: [{ id: '1', source: 'unattributed', sourceKnown: false }] },
    });
    expect(b.now.requests[0]).not.toHaveProperty('dispatchId');
    const dispatchId = '0199f7a1-6f0e-7c3a-9d2b-5b6f1e2d3c4b';
    const headers = { 'X-Boo-Source': 'arena' };
    inflight(reader, {
      operation: 'snapshot',
      requests: [{ id: '5', ...ENTRY, req_headers: headers, resp_bytes: 10 }],
    });
    const through = { req_headers: { 'X-Boo-Request-Id': dispatchId }, remote_ip: '10.0.0.1' };
    inflight(reader, { operation: 'upsert', request: { id: '6', ...ENTRY, ...through } });
    const c = inflight(reader, {
      operation: 'upsert',
      request: { id: '5', ...ENTRY, req_headers: headers, resp_bytes: 99 },
    });
    expect(c.shape).toBe('C');
    expect(c.now.requests).toMatchObject([
      { id: '5', source: 'arena', respBytes: 99, dispatchId: null },
      { id: '6', remoteIp: '10.0.0.1', dispatchId },
    ]);
    expect(inflight(reader, { operation: 'remove', id: '5' }).now).toMatchObject({
      total: 1,
      requests: [{ id: '6' }],
    });
    expect(inflight(reader, { operation: 'snapshot', requests: null }).now).toEqual({
      total: 0,
      requests: [],
    });
  });

  it('a C list equals a plain model of it after any operations', () => {
    const id = fc.constantFrom('1', '2', '3');
    const operation = fc.oneof(
      fc.record({ operation: fc.constant('upsert'), request: fc.record({ id, model: fc.string() }) }),
      fc.record({ operation: fc.constant('remove'), id }),
      fc.record({
        operation: fc.constant('snapshot'),
        requests: fc.uniqueArray(fc.record({ id, model: fc.string() }), { selector: (e) => e.id }),
      }),
    );
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1 }), (operations) => {
        const reader = new FrameReader();
        const expected = new Set<string>();
        for (const step of operations) {
          if ('requests' in step) expected.clear();
          for (const { id: entry } of 'requests' in step
            ? step.requests
            : 'request' in step
              ? [step.request]
              : [])
            expected.add(entry);
          if (step.operation === 'remove' && 'id' in step) expected.delete(step.id);
          const { now } = inflight(reader, step);
          expect(new Set(now.requests.map((entry) => entry.id))).toEqual(expected);
          expect(now.total).toBe(expected.size);
        }
      }),
    );
  });

  it.each([
    ['not JSON', { ok: true, data: '{"type":' }, 'not JSON'],
    ['data that is not JSON', { ok: true, data: '{"type":"activity","data":"{"}' }, 'not JSON'],
    [
      'data that is no string',
      { ok: true, data: '{"type":"activity","data":{"id":1}}' },
      'data is not a string',
    ],
    ['no type', { ok: true, data: '{}' }, 'no type'],
    ['an activity without id', frame('activity', {}), 'activity without an id'],
    ['a log of nobody', frame('logData', { source: 'moon', data: 'x' }), 'unknown source'],
    ['an unknown operation', frame('inflight', { operation: 'jump' }), 'jump'],
    ['an event too long', { ok: false, reason: 'event longer than 5 bytes' }, 'longer'],
  ] as const)('%s is a bad frame with its reason', (_name, event, reason) => {
    const read = new FrameReader().read(event);
    expect(read.type).toBe('bad');
    expect(read.type === 'bad' && read.reason).toContain(reason);
  });

  it('reads the other types and lets unknown ones pass', () => {
    const reader = new FrameReader();
    expect(reader.read(frame('activity', { id: 4 }))).toEqual({ type: 'activity', id: 4 });
    expect(reader.read(frame('uiConfig', {}))).toEqual({ type: 'uiConfig' });
    expect(reader.read(frame('profileChanged', { active: null }))).toEqual({
      type: 'profileChanged',
      active: null,
    });
    expect(reader.read(frame('profileChanged', { active: 'p' }))).toEqual({
      type: 'profileChanged',
      active: 'p',
    });
    expect(reader.read(frame('metrics', null))).toEqual({ type: 'metrics', rows: [], bad: [] });
    expect(reader.read(frame('somethingNew', 1))).toEqual({ type: 'unknown', name: 'somethingNew' });
  });

  it('never throws', () => {
    const type = fc.constantFrom(
      'modelStatus',
      'logData',
      'metrics',
      'activity',
      'inflight',
      'uiConfig',
      'profileChanged',
      'other',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.tuple(type, fc.jsonValue()))), (frames) => {
        const reader = new FrameReader();
        for (const item of frames) {
          const event =
            typeof item === 'string' ? { ok: true as const, data: item } : frame(item[0], item[1]);
          expect(reader.read(event).type).toBeTypeOf('string');
        }
      }),
      { numRuns: 500 },
    );
  });
});
