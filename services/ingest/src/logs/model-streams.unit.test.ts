import type { CommandResult, HostLogLine, LogChunks, WireModel } from '@boocontrol/llama-swap';
import { waitFor } from '@boocontrol/testing';
import { describe, expect, it } from 'vitest';
import type { HostLogs } from './host-logs.js';
import { MOST_STREAMS, ModelStreams } from './model-streams.js';
import { Writers } from './writers.js';

const model = (id: string, state: string, peerId: string | null = null) =>
  ({ id, state, peerId }) as WireModel;

/** A host whose streams say one line and then nothing. */
function streams(answers: (model: string) => boolean = () => true) {
  const writers = new Writers();
  const asked: string[] = [];
  const open = new Set<string>();
  const followed = new Set<string>();
  const heard: string[] = [];
  const logs = {
    writers,
    follow: (id: string) => followed.add(id),
    unfollow: (id: string) => followed.delete(id),
    heard: (id: string, lines: readonly HostLogLine[]) => heard.push(...lines.map(({ line }) => id + line)),
  } as unknown as HostLogs;
  const followLog = (
    id: string,
    { signal }: { signal: AbortSignal },
  ): Promise<CommandResult<{ chunks: LogChunks }>> => {
    asked.push(id);
    if (!answers(id)) return Promise.resolve({ ok: false, reason: 'unknown_model', detail: 'no' });
    open.add(id);
    async function* chunks(): AsyncGenerator<HostLogLine[]> {
      yield [{ line: ' says', cut: false }];
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      open.delete(id);
      throw signal.reason;
    }
    return Promise.resolve({ ok: true, chunks: chunks() });
  };
  const it = new ModelStreams({ followLog }, logs, { log: undefined as never, providerId: 'tower' });
  const stop = new AbortController();
  const running = it.run(stop.signal);
  return {
    asked,
    open,
    followed,
    heard,
    list: (...models: WireModel[]) => {
      writers.list(models, performance.now());
      it.changed();
    },
    stop: async () => {
      stop.abort(new Error('seen'));
      await running;
    },
  };
}

describe('the logs of single models', () => {
  it('are read while the model runs, and never asked for when it does not', async () => {
    const host = streams();
    host.list(model('one', 'starting'), model('two', 'stopped'), model('far', 'ready', 'peer'));
    await waitFor(() => host.heard.length === 1, { what: 'a line' });
    expect(host.heard).toEqual(['one says']);
    expect([...host.followed]).toEqual(['one']);
    host.list(model('one', 'stopped'), model('two', 'ready'));
    await waitFor(() => host.open.has('two') && !host.open.has('one'), { what: 'the other one' });
    expect(host.asked).toEqual(['one', 'two']);
    await host.stop();
    await waitFor(() => host.followed.size === 0, { what: 'nothing to be followed' });
  });

  it('are so many at once and no more', async () => {
    const host = streams();
    host.list(...Array.from({ length: 100 }, (_, at) => model(`m${at}`, 'ready')));
    await waitFor(() => host.open.size === MOST_STREAMS, { what: 'streams' });
    host.list(...Array.from({ length: 100 }, (_, at) => model(`m${at}`, 'ready')), model('last', 'ready'));
    await host.stop();
    expect(host.asked).toHaveLength(MOST_STREAMS);
  });

  it('are let be where the host has none, or means another log by the name', async () => {
    const host = streams((id) => id !== 'strange');
    host.list(
      model('proxy', 'ready'),
      model('upstream', 'ready'),
      model('a?b', 'ready'),
      model('strange', 'ready'),
    );
    await waitFor(() => host.asked.length > 0, { what: 'a question' });
    await waitFor(() => host.followed.size === 0, { what: 'a refusal' });
    host.list(model('strange', 'ready'), model('one', 'ready'));
    await waitFor(() => host.open.has('one'), { what: 'the next' });
    expect(host.asked).toEqual(['strange', 'one']);
    await host.stop();
  });
});
