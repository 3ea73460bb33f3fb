import { defineCall, subjectOf } from '@boocontrol/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { RpcClient } from './client.js';
import { CallError, refuse, RpcError } from './rpc-error.js';
import { Serve } from './serve.js';

const double = defineCall({
  subject: 'rpc.double',
  summary: 'Test.',
  request: z.strictObject({ n: z.int(), times: z.int().default(1) }),
  reply: z.object({ doubled: z.int() }),
  errors: { too_large: 413 },
});

/** Checked by the compiler alone; a line that compiles without being meant to fails `typecheck`. */
class Handlers {
  @Serve(double)
  fits({ n, times }: { n: number; times: number }): { doubled: number } {
    return { doubled: n * 2 ** times };
  }
  @Serve(double)
  async fitsLater(): Promise<{ doubled: number }> {
    return { doubled: 0 };
  }
  // @ts-expect-error the request has no `m`
  @Serve(double)
  otherRequest({ m }: { m: number }): { doubled: number } {
    return { doubled: m };
  }
  // @ts-expect-error the reply has no `tripled`
  @Serve(double)
  otherReply(): { tripled: number } {
    return { tripled: 3 };
  }
  // @ts-expect-error a handler has the request and nothing else
  @Serve(double)
  more(_request: { n: number }, _more: string): { doubled: number } {
    return { doubled: 0 };
  }
}

async function asks(rpc: RpcClient): Promise<void> {
  const { doubled }: { doubled: number } = await rpc.ask(double, { n: 1 });
  // @ts-expect-error n is a number
  await rpc.ask(double, { n: 'one' });
  // @ts-expect-error n is required
  await rpc.ask(double, { times: doubled });
}

test('a refusal has a code of its call and that code’s status; others do not compile', () => {
  expect([Handlers, asks]).toHaveLength(2);
  expect(refuse(double, 'too_large', 'x')).toMatchObject({ code: 'too_large', httpStatus: 413 });
  // @ts-expect-error not one of the call's codes
  expect(refuse(double, 'too_small', 'x')).toBeInstanceOf(CallError);
  // @ts-expect-error not one of the platform's codes
  expect(new RpcError('too_large', 'x').isRetryable).toBe(false);
});

test('a field that the subject names is a text of the request; else the call does not compile', () => {
  const host = defineCall({
    subject: 'rpc.wake.{providerId}',
    summary: 'Test.',
    request: z.strictObject({ providerId: z.string() }),
    reply: z.null(),
    errors: {},
  });
  expect(subjectOf(host, { providerId: 'tower' })).toBe('rpc.wake.tower');
  for (const providerId of ['a.b', '*', '>', '', 7, undefined])
    expect(() => subjectOf(host, { providerId })).toThrow(TypeError);
  expect(() => subjectOf(host, null)).toThrow(TypeError);
  const broken = defineCall({
    subject: 'rpc.wake.{providerId}',
    summary: 'Test.',
    // @ts-expect-error no providerId
    request: z.strictObject({ id: z.string() }),
    reply: z.null(),
    errors: {},
  });
  expect(() => subjectOf(broken, { id: 'tower' })).toThrow(TypeError);
});
