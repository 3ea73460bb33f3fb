import { calls } from '@boocontrol/contracts';
import { refuse, RpcError } from '@boocontrol/platform';
import { NotFoundException } from '@nestjs/common';
import { errors } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { toAnswer } from './api-error.filter.js';
import { ApiError } from './errors.js';

describe('what a client is told', () => {
  it.each([
    [new ApiError('exists', 'there'), 409, 'exists'],
    [new RpcError('unavailable', 'x'), 503, 'unavailable'],
    [new RpcError('timeout', 'x'), 504, 'timeout'],
    [new RpcError('bad_response', 'x'), 502, 'bad_upstream_answer'],
    [new RpcError('internal', 'x'), 502, 'bad_upstream_answer'],
    [refuse(calls.activityEntry, 'not_found', 'x'), 404, 'not_found'],
    [refuse(calls.reconnect, 'host_disabled', 'x'), 409, 'host_disabled'],
    [new RpcError('bad_request', 'x'), 400, 'validation'],
    [refuse(calls.activity, 'bad_cursor', 'x'), 400, 'bad_cursor'],
    [new errors.TimeoutError(), 503, 'unavailable'],
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 503, 'unavailable'],
    [Object.assign(new Error('x'), { statusCode: 413 }), 413, 'too_large'],
    [Object.assign(new Error('x'), { statusCode: 415 }), 415, 'unsupported_media_type'],
    [new NotFoundException(), 404, 'not_found'],
    [new TypeError('secret detail'), 500, 'internal'],
    ['thrown text', 500, 'internal'],
    [null, 500, 'internal'],
  ])('%s: %i %s', (error, status, code) => {
    const answer = toAnswer(error);
    expect(answer.status).toBe(status);
    expect(answer.body.error.code).toBe(code);
  });

  it('never is the text of an error that nobody expected', () => {
    expect(JSON.stringify(toAnswer(new TypeError('secret detail')))).not.toContain('secret');
  });

  it('has the details of a refusal', () => {
    expect(toAnswer(refuse(calls.perf, 'bad_range', 'x', { from: 1 })).body.error.details).toEqual({
      from: 1,
    });
    expect('details' in toAnswer(new ApiError('not_found', 'x')).body.error).toBe(false);
  });
});
