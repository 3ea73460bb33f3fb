import type { Call } from '@boocontrol/contracts';
import { RpcError, type RpcClient } from '@boocontrol/platform';
import type { z } from 'zod';
import { ApiError, type ApiErrorCode } from '../http/errors.js';

/** How a route that passes a question on may fail, besides the refusals of the call. */
export const PASSED_ON_ERRORS: readonly ApiErrorCode[] = [
  'validation',
  'bad_upstream_answer',
  'unavailable',
  'timeout',
];

export interface AskedService {
  /** Begins the sentence "… does not answer at the moment." */
  name: string;
  timeoutMs: number;
  /** What to do when it did not answer in time: it may have done all the same what it was asked for. */
  afterTimeout?: string;
}

/**
 * Asks a service and says in words when it is silent.
 * @throws {CallError} when the service refuses
 * @throws {ApiError} `unavailable`, `timeout` when nobody answers
 * @throws {RpcError} when the service itself cannot reach something, or does not answer as it should
 */
export async function askService<Q extends z.ZodType, A extends z.ZodType, Code extends string>(
  client: RpcClient,
  call: Call<Q, A, Code>,
  body: z.input<Q>,
  { name, timeoutMs, afterTimeout }: AskedService,
): Promise<z.output<A>> {
  try {
    return await client.ask(call, body, { timeoutMs });
  } catch (error) {
    // With a cause it never reached the service; without one the service itself says what it cannot reach.
    if (!(error instanceof RpcError) || error.cause === undefined) throw error;
    if (error.code === 'unavailable')
      throw new ApiError('unavailable', `${name} does not answer at the moment. /api/health says why.`);
    if (error.code !== 'timeout') throw error;
    const sentence = `${name} did not answer within ${timeoutMs / 1000} s.`;
    throw new ApiError('timeout', afterTimeout === undefined ? sentence : `${sentence} ${afterTimeout}`);
  }
}
