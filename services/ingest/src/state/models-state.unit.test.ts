import type { ModelChanged } from '@boocontrol/contracts';
import type { WireModel } from '@boocontrol/llama-swap';
import { createLogger, PublishError, type PipelinedPublisher } from '@boocontrol/platform';
import { waitFor } from '@boocontrol/testing';
import { expect, it } from 'vitest';
import { Facts } from './facts.js';
import { ModelsState } from './models-state.js';

const listed = (id: string): WireModel => ({
  id,
  name: id,
  description: '',
  state: 'ready',
  unlisted: false,
  peerId: null,
  aliases: [],
  capabilities: [],
  contextLength: null,
  ttlS: null,
});

it('a change that the bus refused is stated with the next occasion, and its neighbours are not said twice', async () => {
  const stated: string[] = [];
  const refused = new Set(['b']);
  const publishReliably: PipelinedPublisher['publishReliably'] = (subject, data) => {
    const kind = subject.split('.').at(-1) ?? '';
    const { model } = JSON.parse(String(data)) as Partial<ModelChanged>;
    if (model !== undefined && refused.delete(model))
      return Promise.reject(new PublishError('rejected', subject, 'no'));
    stated.push(model === undefined ? kind : `${kind} ${model}`);
    return Promise.resolve({ stream: 'FLEET', seq: stated.length, duplicate: false });
  };
  const log = createLogger('test', { level: 'silent' });
  const publisher = { publishReliably } as PipelinedPublisher;
  const models = new ModelsState(new Facts('tower', publisher, new AbortController().signal, log));
  models.list(['a', 'b', 'c'].map(listed), 'live', 0);
  await waitFor(() => refused.size === 0, { what: 'the refusal' });
  models.repeat();
  await waitFor(() => stated.includes('models'), { what: 'the whole list' });
  expect(stated).toEqual(['model-changed a', 'model-changed b', 'model-changed c', 'models']);
});
