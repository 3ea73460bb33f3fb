import { describe, expect, it } from 'vitest';
import { CHAT_FRAMES, wholeAnswer } from '../../testing/v1';
import { areApart } from './figures';
import { ChatRequest, type Means } from './request';

interface Step {
  /** Milliseconds after sending at which it comes. */
  atMs: number;
  text: string;
}

/** A browser whose answer comes at these times, by a clock of its own. */
function browser(steps: readonly Step[], { status = 200, headers = {}, breaks = false } = {}): Means {
  let nowMs = 1000;
  const begunMs = nowMs;
  const left = [...steps];
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const step = left.shift();
        if (step) {
          nowMs = begunMs + step.atMs;
          controller.enqueue(new TextEncoder().encode(step.text));
        } else if (breaks) controller.error(new TypeError('network error'));
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const answer = new Response(body, {
    status,
    headers: { 'content-type': 'text/event-stream', 'x-request-id': 'd1', ...headers },
  });
  return { now: () => nowMs, fetch: () => Promise.resolve(answer) };
}
const at = (texts: readonly string[], fromMs = 100, everyMs = 50): Step[] =>
  texts.map((text, n) => ({ text, atMs: fromMs + n * everyMs }));
const run = (means: Means) => new ChatRequest('{}', means).run();

describe('an answer', () => {
  it('is measured by the moments at which its bytes came', async () => {
    const [role = '', ...rest] = wholeAnswer('One', ' two', ' three');
    const request = new ChatRequest('{}', browser([{ text: role, atMs: 20 }, ...at(rest)]));
    const account = await request.run();
    expect(request.draft.text).toBe('One two three');
    expect(account).toMatchObject({ outcome: 'done', finish: 'stop', trouble: null });
    // Three tokens at 100, 150 and 200 ms: two of them after the first, in 100 ms.
    expect(account.figures).toEqual({
      ttftMs: 100,
      ttftContentMs: 100,
      e2eMs: 200,
      promptTokens: 40,
      cacheTokens: 12,
      outputTokens: 3,
      genTps: 20,
      isByChunks: false,
      hostGenTps: 41.5,
      hostPromptTps: 1250,
    });
    expect(areApart(account.figures)).toBe(true);
  });

  it('tells reasoning and text apart, and counts neither the role nor a comment as a token', async () => {
    const { role, reasoning, text, finish, done } = CHAT_FRAMES;
    const frames = [': loading qwen\n\n', role, reasoning('Hm'), text('Hi'), finish(), done];
    const request = new ChatRequest('{}', browser(at(frames)));
    const { figures } = await request.run();
    expect([figures.ttftMs, figures.ttftContentMs, figures.isByChunks]).toEqual([200, 250, true]);
    expect([request.notice, request.draft.reasoning]).toEqual(['loading qwen', 'Hm']);
  });

  it('does not begin with what llama-swap says of a load', async () => {
    const { role, loading, text, finish } = CHAT_FRAMES;
    const frames = [loading('llama-swap loading model: qwen\n'), loading('.'), role, text('Hi'), finish()];
    const request = new ChatRequest('{}', browser(at(frames)));
    const { figures } = await request.run();
    expect([figures.ttftMs, request.draft.reasoning, request.notice]).toEqual([250, '', '.']);
  });

  it('that came in one piece has no speed', async () => {
    const { figures } = await run(browser([{ text: wholeAnswer('One', ' two').join(''), atMs: 80 }]));
    expect([figures.ttftMs, figures.genTps, figures.outputTokens]).toEqual([80, null, 2]);
  });

  it('may be one document where a stream was asked for', async () => {
    const document = {
      choices: [{ message: { role: 'assistant', content: 'Hi' }, finish_reason: 'length' }],
      usage: { prompt_tokens: 3, completion_tokens: 1 },
    };
    const means = browser(at([JSON.stringify(document)]), {
      headers: { 'content-type': 'application/json' },
    });
    const request = new ChatRequest('{}', means);
    expect(await request.run()).toMatchObject({
      outcome: 'done',
      finish: 'length',
      figures: { outputTokens: 1 },
    });
    expect(request.draft.text).toBe('Hi');
  });

  it('shows calls of tools whose arguments come in pieces', async () => {
    const frames = [CHAT_FRAMES.call('get_', '{"city":'), CHAT_FRAMES.call('weather', '"Paris"}')];
    const request = new ChatRequest('{}', browser(at([...frames, CHAT_FRAMES.finish('tool_calls')])));
    expect((await request.run()).outcome).toBe('done');
    expect(request.draft.toolCalls).toEqual([
      { id: 'call_1', name: 'get_weather', arguments: '{"city":"Paris"}' },
    ]);
  });
});

describe('an answer that is not whole', () => {
  const half = [CHAT_FRAMES.role, CHAT_FRAMES.text('Hal')];
  it.each([
    ['ends without its end', browser(at(half)), 'incomplete', 'before the model said that it was done'],
    ['breaks off', browser(at(half), { breaks: true }), 'incomplete', 'broke off'],
    ['is empty', browser([]), 'incomplete', 'before the model said'],
    ['has half a frame at its end', browser(at([...half, 'data: {"cho'])), 'incomplete', 'before the model'],
  ] as const)('%s', async (_what, means, outcome, message) => {
    const account = await run(means);
    expect(account.outcome).toBe(outcome);
    expect(account.trouble?.message).toContain(message);
  });

  it('ends with an error inside the stream: that is one, whatever came before', async () => {
    const error = `data: ${JSON.stringify({ error: { code: 'cancelled', message: 'By browser.' } })}\n\n`;
    expect(await run(browser(at([...half, error])))).toMatchObject({
      outcome: 'failed',
      trouble: { title: 'The request was cancelled', message: 'By browser.' },
    });
  });

  it('is refused in words that say what to do', async () => {
    const refused = (status: number, body: string): Promise<unknown> => run(browser(at([body]), { status }));
    expect(
      await refused(503, '{"error":{"code":"provider_offline","message":"nas is away."}}'),
    ).toMatchObject({
      outcome: 'failed',
      trouble: {
        title: 'The host is away',
        message: 'nas is away.',
        advice: expect.stringContaining('Wait'),
      },
    });
    expect(await refused(400, '{"error":{"type":"exceed_context_size_error","message":"x"}}')).toMatchObject({
      trouble: { title: 'The conversation is too long for this model' },
    });
    expect(await refused(502, '<html>')).toMatchObject({
      trouble: { message: expect.stringContaining('502') },
    });
    expect(await refused(400, '{"error":"constructor"}')).toMatchObject({
      trouble: { message: 'constructor' },
    });
  });

  it('cannot be had when nobody answers', async () => {
    const away: Means = { now: () => 0, fetch: () => Promise.reject(new TypeError('failed')) };
    expect(await run(away)).toMatchObject({
      outcome: 'failed',
      trouble: { title: 'BooControl did not answer' },
    });
  });

  it('is no chat when what came is something else', async () => {
    const means = browser(at(['{"hello":1}']), { headers: { 'content-type': 'application/json' } });
    expect(await run(means)).toMatchObject({
      outcome: 'failed',
      trouble: { title: 'This is no answer of a chat' },
    });
  });

  it('is stopped by closing the connection, and keeps what had come', async () => {
    let signal: AbortSignal | null | undefined;
    const request = new ChatRequest('{}', {
      now: () => 0,
      fetch: (_url, init) => {
        signal = init.signal;
        const body = new ReadableStream({
          start: (controller) => {
            controller.enqueue(new TextEncoder().encode(half.join('')));
            init.signal?.addEventListener('abort', () =>
              controller.error(new DOMException('', 'AbortError')),
            );
          },
        });
        return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
      },
    });
    const account = await request.run(() => request.draft.text && request.stop());
    expect([account.outcome, request.draft.text, signal?.aborted]).toEqual(['stopped', 'Hal', true]);
  });
});
