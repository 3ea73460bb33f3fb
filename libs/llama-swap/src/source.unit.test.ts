import { SourceSchema } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dispatchIdOf, sourceOf } from './source.js';

describe('sourceOf', () => {
  it.each([
    [{ 'X-Boo-Source': 'boochat', 'User-Agent': 'curl/8' }, 'boochat'],
    [{ 'x-boo-source': '  Boo Coder! ' }, 'boo-coder'],
    [{ 'X-Boo-Source': '***', 'User-Agent': 'curl/8.5.0' }, 'curl'],
    [{ 'User-Agent': 'python-requests/2.32' }, 'python-requests'],
    [{ 'User-Agent': 'OpenAI/JS 6.49.0' }, 'openai-js'],
    [{ 'User-Agent': 'AsyncOpenAI/Python 1.2' }, 'openai-python'],
    [{ 'User-Agent': 'Anthropic/JS 0.60' }, 'anthropic-js'],
    [{ 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36' }, 'browser'],
    [{ 'User-Agent': 'Python/3.11 aiohttp/3.9.5' }, 'aiohttp'],
    [{ 'User-Agent': 'Go-http-client/1.1' }, 'go-http-client'],
    [{ 'User-Agent': 'ai-sdk/openai-compatible/0.1 runtime/node' }, 'ai-sdk'],
    [{ 'User-Agent': 'claude-cli/1.0 (external, cli)' }, 'claude-cli'],
    [{ 'User-Agent': 'node' }, 'node'],
    [{ 'User-Agent': '(just a comment)' }, 'unattributed'],
    [{}, 'unattributed'],
  ])('%j is %s', (headers, source) => {
    expect(sourceOf({ headers: headers as Record<string, string> })).toBe(source);
  });

  it('always fits the contract', () => {
    const header = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(header, header, (mark, agent) => {
        SourceSchema.parse(sourceOf({ headers: { 'X-Boo-Source': mark, 'User-Agent': agent } }));
      }),
    );
  });
});

describe('dispatchIdOf', () => {
  const id = '0199f7a1-6f0e-4c3a-9d2b-5b6f1e2d3c4b';
  it.each([
    [{ 'X-Boo-Request-Id': id.toUpperCase() }, id],
    [{ 'x-boo-request-id': ` ${id} ` }, id],
    [{ 'x-boo-request-id': 'mine' }, null],
    [{ 'x-request-id': id }, null],
    [{}, null],
  ])('%j is %s', (headers, expected) => {
    expect(dispatchIdOf({ headers: headers as Record<string, string> })).toBe(expected);
  });
});
