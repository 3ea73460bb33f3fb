import { afterEach, expect, it } from 'vitest';
import type { RouteFact } from '@boocontrol/contracts';
import { CHAT, GOOD_STREAM, InferenceWorld, stream } from '../testing/inference.js';
import type { RequestTrace } from './trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

let world: InferenceWorld;
afterEach(() => world.stop());

const answering = async (id: string, status = 200): Promise<void> => {
  await world.host(id, (response) => {
    if (status !== 200) return void response.writeHead(status).end();
    stream(response, GOOD_STREAM);
    response.end();
  });
};
const told = (name: string): unknown[] => world.hosts.map(({ asked }) => asked[0]?.headers[name]);

it('the trace of a client reaches the host as it is, and nothing else changes', async () => {
  world = await InferenceWorld.start();
  await answering('tower');
  const headers = { traceparent: PARENT, tracestate: 'vendor=1', 'x-custom': 'a' };
  const { body } = await world.post('/v1/chat/completions', CHAT, headers);
  expect(body.toString()).toBe(GOOD_STREAM.join(''));
  expect(world.hosts[0]?.asked[0]?.headers).toMatchObject(headers);
  expect(world.hosts[0]?.asked[0]?.body.toString()).toBe(JSON.stringify({ ...CHAT, model: 'real-model' }));
});

it.each(['nonsense', `${PARENT}-more`, `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`])(
  'one that cannot be read (%s) is as good as none',
  async (traceparent) => {
    world = await InferenceWorld.start();
    await answering('tower');
    await world.post('/v1/chat/completions', CHAT, { traceparent, tracestate: 'vendor=1' });
    expect([...told('traceparent'), ...told('tracestate')]).toEqual([undefined, undefined]);
  },
);

it('where spans are wanted, each attempt is a span of its own in the client’s trace', async () => {
  const ended: [RequestTrace, RouteFact][] = [];
  world = await InferenceWorld.start({ tracer: { ended: (trace, fact) => void ended.push([trace, fact]) } });
  await answering('shed', 503);
  await answering('tower');
  await world.post('/v1/chat/completions', CHAT, { traceparent: PARENT, tracestate: 'vendor=1' });
  const { attempts, id } = await world.fact();
  expect(attempts.map(({ outcome }) => outcome)).toEqual(['status', 'answered']);
  const [[trace, fact]] = ended as [[RequestTrace, RouteFact]];
  expect([ended.length, fact.id, trace.traceId]).toEqual([1, id, TRACE]);
  expect(told('traceparent')).toEqual(trace.attemptIds.map((span) => `00-${TRACE}-${span}-01`));
  expect(told('tracestate')).toEqual(['vendor=1', 'vendor=1']);
  expect(new Set(trace.attemptIds).size).toBe(2);
});

it('a request without one begins a trace there', async () => {
  const ended: RequestTrace[] = [];
  world = await InferenceWorld.start({ tracer: { ended: (trace) => void ended.push(trace) } });
  await answering('tower');
  await world.post('/v1/chat/completions', CHAT);
  await world.fact();
  expect(told('traceparent')).toEqual([`00-${ended[0]?.traceId}-${ended[0]?.attemptIds[0]}-01`]);
});
