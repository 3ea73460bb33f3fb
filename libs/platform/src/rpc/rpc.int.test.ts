import { Controller, Module } from '@nestjs/common';
import { defineCall } from '@boocontrol/contracts';
import { testNats, waitFor, type TestNats } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectBus } from '../bus/connect.js';
import { baseConfig, loadConfig } from '../config/config.js';
import { createLogger } from '../logs/logger.js';
import { startService, type RunningService } from '../service/start-service.js';
import { RpcClient } from './client.js';
import { CallError, refuse, RpcError } from './rpc-error.js';
import { answerCall, Serve } from './serve.js';
import type { BaseConfig } from '../config/config.js';

const log = createLogger('test', { level: 'silent' });
const QuestionSchema = z.strictObject({ n: z.int(), factor: z.int().default(2) });
const AnswerSchema = z.object({ product: z.int() });
const multiply = defineCall({
  subject: 'rpc.multiply',
  summary: 'Test.',
  request: QuestionSchema,
  reply: AnswerSchema,
  errors: { unlucky: 409 },
});
const nothing = defineCall({
  subject: 'rpc.nothing',
  summary: 'Test.',
  request: z.undefined(),
  reply: z.undefined(),
  errors: {},
});
const never = defineCall({
  subject: 'rpc.never',
  summary: 'Test.',
  request: z.unknown(),
  reply: z.unknown(),
  errors: {},
});
/** The same subjects as somebody with another idea of them would ask. */
const loose = defineCall({ ...multiply, request: z.unknown(), reply: z.unknown(), errors: {} });
const hostCall = defineCall({
  subject: 'rpc.host.{providerId}',
  summary: 'Test.',
  request: z.strictObject({ providerId: z.string(), n: z.int() }),
  reply: z.object({ host: z.string() }),
  errors: { asleep: 409 },
});

@Controller()
class MathController {
  @Serve(multiply)
  async multiply({ n, factor }: z.output<typeof QuestionSchema>): Promise<{ product: number }> {
    await new Promise((resolve) => setTimeout(resolve, n === 1 ? 5 : 0));
    if (n === 13) throw refuse(multiply, 'unlucky', 'Not with thirteen', { n });
    if (n === 14) throw refuse(hostCall, 'asleep', 'A refusal that is not of this call');
    if (n === 15) throw new RpcError('unavailable', 'The abacus is away');
    if (n === 66) throw new Error('secret detail of the inside');
    return n === 99 ? { product: 0.5 } : { product: n * factor };
  }
  @Serve(nothing)
  nothing(): undefined {}
  @Serve(never)
  never(): Promise<void> {
    return new Promise(() => undefined);
  }
}
@Module({ controllers: [MathController] })
class MathModule {}

let nats: TestNats;
let service: RunningService<BaseConfig>;
let rpc: RpcClient;

function startMath(): Promise<RunningService<BaseConfig>> {
  const config = loadConfig(baseConfig, {
    NATS_URL: nats.url,
    LOG_LEVEL: 'silent',
  });
  return startService({ name: 'math', module: MathModule, config });
}

beforeAll(async () => {
  nats = await testNats();
  service = await startMath();
  rpc = service.platform.rpc;
});
afterAll(async () => {
  await service?.stop();
  await nats?.stop();
});

const raw = async (subject: string, body: string): Promise<unknown> =>
  (await service.platform.nc.request(subject, body, { timeout: 2_000 })).json();

describe('RpcClient and @Serve', () => {
  it('answer, with the defaults of the answering side', async () => {
    expect(await rpc.ask(multiply, { n: 21 })).toEqual({ product: 42 });
    expect(await rpc.ask(multiply, { n: 21, factor: 3 })).toEqual({ product: 63 });
    expect(await rpc.ask(nothing, undefined)).toBe(undefined);
  });

  it('carry a handler’s refusal over with code, message and details', async () => {
    const refused = rpc.ask(multiply, { n: 13 });
    await expect(refused).rejects.toBeInstanceOf(CallError);
    await expect(refused).rejects.toMatchObject({
      code: 'unlucky',
      message: 'Not with thirteen',
      details: { n: 13 },
      httpStatus: 409,
    });
  });

  it('carry a platform error over, and call a foreign refusal an internal error', async () => {
    const away = rpc.ask(multiply, { n: 15 });
    await expect(away).rejects.toBeInstanceOf(RpcError);
    await expect(away).rejects.toMatchObject({ code: 'unavailable', message: 'The abacus is away' });
    await expect(rpc.ask(multiply, { n: 14 })).rejects.toMatchObject({ code: 'internal' });
  });

  it('report a refusal that the asking side does not know', async () => {
    await expect(rpc.ask(loose, { n: 13 })).rejects.toMatchObject({
      code: 'bad_response',
      message: expect.stringContaining('unlucky: Not with thirteen'),
    });
  });

  it('keep the inside of an unexpected error inside', async () => {
    const reply = JSON.stringify(
      await raw('rpc.multiply', JSON.stringify({ pattern: 'rpc.multiply', data: { n: 66 }, id: '1' })),
    );
    expect(JSON.parse(reply)).toMatchObject({ err: { code: 'internal' } });
    expect(reply).not.toMatch(/secret|stack|at /);
  });

  it('refuse a body that does not fit, at the asking and at the answering end', async () => {
    await expect(rpc.ask(multiply, { n: 1.5 })).rejects.toMatchObject({
      code: 'bad_request',
      details: [{ path: 'n', problem: expect.any(String) }],
    });
    await expect(rpc.ask(loose, { n: 1, more: true })).rejects.toMatchObject({
      code: 'bad_request',
      details: [{ problem: expect.stringContaining('more') }],
    });
  });

  it('report an answer that does not fit', async () => {
    await expect(rpc.ask(multiply, { n: 99 })).rejects.toMatchObject({
      code: 'bad_response',
    });
  });

  it('tell nobody there from no answer in time', async () => {
    await expect(rpc.ask({ ...never, subject: 'rpc.nobody' }, {})).rejects.toMatchObject({
      code: 'unavailable',
      isRetryable: true,
    });
    const late = rpc.ask(never, {}, { timeoutMs: 100 });
    await expect(late).rejects.toMatchObject({ code: 'timeout', isRetryable: true });
  });
});

describe('other clients', () => {
  it('get an error for a body that is not JSON', async () => {
    expect(await raw('rpc.multiply', '{"pattern":')).toMatchObject({ err: { code: 'bad_request' } });
    expect(await raw('rpc.multiply', '')).toMatchObject({ err: { code: 'bad_request' } });
  });

  it.each(['null', '7', '"x"', '[]', '{}', '{"pattern":"rpc.multiply","id":"1"}', '{"pattern":1,"data":{}}'])(
    'get an error for %s',
    async (body) => {
      expect(await raw('rpc.multiply', body)).toMatchObject({ err: { code: 'bad_request' } });
    },
  );

  it('may send the plain body without a packet', async () => {
    expect(await raw('rpc.multiply', '{"n":4}')).toMatchObject({ response: { product: 8 } });
  });
});

describe('a call whose subject names a host', () => {
  it('is answered by the process that holds that host', async () => {
    const subscription = answerCall(service.platform.nc, hostCall, { providerId: 'tower' }, ({ n }) => {
      if (n === 0) throw refuse(hostCall, 'asleep', 'It sleeps');
      return { host: `tower ${n}` };
    });
    try {
      expect(await rpc.ask(hostCall, { providerId: 'tower', n: 1 })).toEqual({ host: 'tower 1' });
      await expect(rpc.ask(hostCall, { providerId: 'tower', n: 0 })).rejects.toMatchObject({
        code: 'asleep',
      });
      await expect(rpc.ask(hostCall, { providerId: 'other', n: 1 })).rejects.toMatchObject({
        code: 'unavailable',
      });
      const misled = { err: { code: 'bad_request' } };
      expect(await raw('rpc.host.tower', '{"providerId":"other","n":1}')).toMatchObject(misled);
      expect(await raw('rpc.host.tower', '{"providerId":')).toMatchObject(misled);
      expect(await raw('rpc.host.tower', '{"providerId":"tower","n":"x"}')).toMatchObject(misled);
      expect(await raw('rpc.host.tower', '{"providerId":"tower","n":3}')).toMatchObject({
        response: { host: 'tower 3' },
      });
    } finally {
      subscription.unsubscribe();
    }
  });
});

it('loses no request when one of two replicas shuts down', async () => {
  const second = await startMath();
  const asking = await connectBus({ url: nats.url, name: 'asking', log });
  try {
    const client = new RpcClient(asking);
    let isOver = false;
    let answered = 0;
    const ask = async (): Promise<void> => {
      while (!isOver) {
        expect(await client.ask(multiply, { n: 1 }, { timeoutMs: 2_000 })).toEqual({
          product: 2,
        });
        answered++;
      }
    };
    const callers = Promise.all(Array.from({ length: 32 }, ask));
    await Promise.race([callers, waitFor(() => answered > 500, { what: 'traffic', everyMs: 1 })]);
    await second.stop();
    const afterStop = answered;
    await Promise.race([
      callers,
      waitFor(() => answered > afterStop + 500, { what: 'traffic without it', everyMs: 1 }),
    ]);
    isOver = true;
    await callers;
  } finally {
    await second.stop();
    await asking.close();
  }
});
