import { CapturedPromptSchema } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { printOfMessage, promptOfCapture } from './captured.js';

const FRAME = {
  providerId: 'tower',
  at: '2026-11-20T16:00:00.000000Z',
  entryId: 1,
  ts: '2026-11-20T16:00:00.000000Z',
};
const messages = [
  { role: 'system', content: 'Be brief. It is 2026-11-22.' },
  { role: 'user', content: 'a secret question' },
];
const tools = [{ type: 'function', function: { name: 'read' } }];
const capture = (
  body: object | string,
  over: { reqPath?: string; reqHeaders?: Record<string, string> } = {},
): ReturnType<typeof promptOfCapture> =>
  promptOfCapture({
    reqPath: '/v1/chat/completions',
    reqHeaders: { 'X-Boo-Source': 'tests', 'X-Boo-Session': 'anna', 'X-Boo-Prefix-Inputs': 'agents.md=1' },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    ...over,
  });

describe('how a captured prompt begins', () => {
  it('is told in hashes and lengths, and is the same again when it is read', async () => {
    const told = await capture({ model: 'm', messages, tools });
    const sent = CapturedPromptSchema.parse(JSON.parse(JSON.stringify({ ...FRAME, ...told })));
    expect(sent).toMatchObject({ source: 'tests', isNamed: true });
    expect(Object.keys(sent.inputs)).toEqual(['agents.md']);
    expect(JSON.stringify(sent)).not.toMatch(/secret|anna|brief/);
    const print = printOfMessage(sent);
    expect(print.segments.map(({ kind, role }) => [kind, role])).toEqual([
      ['tools', null],
      ['system', 'system'],
      ['message', 'user'],
    ]);
    expect(print.segments[1]?.looseKey).not.toBe(print.segments[1]?.key);
    expect(print.segments[2]?.looseKey).toBe(print.segments[2]?.key);
  });

  it('is of the session that the client names, else of that which its first message stands for', async () => {
    const body = { messages, user: 'anna' };
    const byHeader = await capture({ messages });
    const byUser = await capture(body, { reqHeaders: { 'x-boo-source': 'tests' } });
    const byMessage = await capture({ messages }, { reqHeaders: { 'x-boo-source': 'tests' } });
    expect(byUser?.session).toBe(byHeader?.session);
    expect(byMessage).toMatchObject({ isNamed: false });
    expect(byMessage?.session).not.toBe(byHeader?.session);
    const other = await capture({ messages }, { reqHeaders: { 'x-boo-source': 'others' } });
    expect(other?.session).not.toBe(byMessage?.session);
  });

  it('is not told where there is nothing to compare', async () => {
    for (const body of ['', 'no json', '[]', '{"messages":[]}']) expect(await capture(body)).toBe(null);
    expect(await capture({ messages }, { reqPath: '/v1/embeddings' })).toBe(null);
    expect(await capture({ messages }, { reqPath: '/v1/messages/count_tokens' })).toBe(null);
    expect(await capture({ messages: [{ role: 'user', content: 'x'.repeat(9_000_000) }] })).toBe(null);
  });

  it('may be large', async () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ role: 'user', content: `${at}`.repeat(50_000) }));
    expect((await capture({ messages: many }))?.segments).toHaveLength(40);
  });
});
