import { ErrorBodySchema } from '@boocontrol/contracts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { api, ApiError, messageOf, whenUnauthorized, withQuery } from './client';

const asked: [string, RequestInit][] = [];
function answering(answer: () => Response | Promise<Response>): void {
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push([path, init]);
    return answer();
  });
}
const refused = async (answer: () => Response | Promise<Response>): Promise<ApiError> => {
  answering(answer);
  const error: unknown = await api('/providers').catch((thrown: unknown) => thrown);
  if (!(error instanceof ApiError)) throw new Error('it was not refused');
  return error;
};

afterEach(() => {
  vi.unstubAllGlobals();
  whenUnauthorized(() => undefined);
  asked.length = 0;
});

describe('a call of the API', () => {
  it('goes to our own origin, with its body as JSON', async () => {
    answering(() => Response.json({ id: 'tower' }, { status: 201 }));
    expect(await api('/providers', { method: 'POST', body: { id: 'tower' } })).toEqual({ id: 'tower' });
    expect(asked).toEqual([
      [
        '/api/providers',
        { method: 'POST', body: '{"id":"tower"}', headers: { 'content-type': 'application/json' } },
      ],
    ]);
  });
  it('gives null for an answer without a body', async () => {
    answering(() => new Response(null, { status: 204 }));
    expect(await api('/providers/tower', { method: 'DELETE' })).toBeNull();
    expect(asked[0]?.[1]).toEqual({ method: 'DELETE', headers: {} });
  });
  it('throws what the gateway said', async () => {
    const body = ErrorBodySchema.parse({
      error: { code: 'exists', message: 'There is a host "tower".', details: [{ path: 'id' }] },
    });
    const error = await refused(() => Response.json(body, { status: 400 }));
    expect(error).toMatchObject({ status: 400, message: body.error.message, problem: body.error });
  });
  it('keeps what a validator says out of the message, and in the details', async () => {
    const details = [{ path: 'source.0', message: 'Invalid string: must match pattern /^[a-z]$/' }];
    const message = `The query is not valid. source.0: ${details[0]!.message}`;
    const answer = { error: { code: 'validation', message, details } };
    const error = await refused(() => Response.json(answer, { status: 400 }));
    expect(error.message).toMatch(/^BooControl could not accept this\. /);
    expect(error.problem.details).toEqual(details);
  });
  it.each(['<html>Bad gateway</html>', '', '{}', '{"error":{}}', '[]', 'null', '"no"'])(
    'throws a message of its own when it is refused with %j',
    async (text) => {
      const error = await refused(() => new Response(text, { status: 502 }));
      expect(error).toMatchObject({
        status: 502,
        problem: { code: 'unexpected', message: 'BooControl answered with status 502.' },
      });
    },
  );
  it('says that BooControl did not answer', async () => {
    const error = await refused(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(error).toMatchObject({ status: 0, problem: { code: 'unreachable' } });
    expect(messageOf(error)).toMatch(/did not answer/);
  });
  it('throws the abort itself when the caller aborted', async () => {
    const abort = new AbortController();
    answering(() => {
      abort.abort();
      return Promise.reject(abort.signal.reason as Error);
    });
    const thrown: unknown = await api('/activity', { signal: abort.signal }).catch((error: unknown) => error);
    expect(thrown).toBe(abort.signal.reason);
  });
  it('tells of the end of a session, and of nothing else', async () => {
    let told = 0;
    whenUnauthorized(() => (told += 1));
    await refused(() => new Response('', { status: 403 }));
    expect(told).toBe(0);
    await refused(() => new Response('', { status: 401 }));
    expect(told).toBe(1);
  });
  it('has words for anything that was thrown', () => {
    expect([messageOf(new Error('Gone.')), messageOf('gone')]).toEqual([
      'Gone.',
      'Something unexpected happened.',
    ]);
  });
});

describe('a query', () => {
  it('repeats lists, leaves out what is not there, and escapes', () => {
    expect(withQuery('/activity', { model: ['a/b', 'c&d'], source: [], from: undefined, limit: 0 })).toBe(
      '/activity?model=a%2Fb&model=c%26d&limit=0',
    );
    expect(withQuery('/activity', {})).toBe('/activity');
  });
});
