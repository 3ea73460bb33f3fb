import type { WireModel } from '@boocontrol/llama-swap';
import { describe, expect, it } from 'vitest';
import { RunningModels } from './running-models.js';

/** A host with two models: what its stream tells, what /running tells, and which servers were asked. */
function host() {
  const loaded = new Set(['one', 'two']);
  const told = new Set(loaded);
  const asked: string[] = [];
  const whileAsked = new Map<string, () => void>();
  const client = {
    running: () =>
      Promise.resolve([...loaded].map((model) => ({ model, state: 'ready', ttlS: 60 }) as never)),
    props: (model: string) => {
      asked.push(model);
      whileAsked.get(model)?.();
      return Promise.resolve({ contextLength: 4_096, slots: 2, isLlama: true });
    },
  };
  const models = {
    get listed() {
      return ['one', 'two'].map(
        (id) => ({ id, state: told.has(id) ? 'ready' : 'stopped', peerId: null }) as WireModel,
      );
    },
    enrich: () => undefined,
  };
  const running = new RunningModels(client, models, { learn: () => undefined });
  return { loaded, told, asked, whileAsked, poll: () => running.poll(new AbortController().signal, 0) };
}

describe('what running models tell', () => {
  it('asks every server once in a load', async () => {
    const { poll, asked, loaded, told } = host();
    await poll();
    await poll();
    expect(asked).toEqual(['one', 'two']);
    loaded.delete('two');
    told.delete('two');
    await poll();
    loaded.add('two');
    told.add('two');
    await poll();
    expect(asked).toEqual(['one', 'two', 'two']);
  });

  it.each(['loaded', 'told'] as const)(
    'does not load a model again that was unloaded while another answered, as %s has it',
    async (where) => {
      const it = host();
      it.whileAsked.set('one', () => it[where].delete('two'));
      await it.poll();
      expect(it.asked).toEqual(['one']);
    },
  );
});
