import { ModelSchema } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGatewayModels } from './gateway-models.js';
import { waitOf } from './model-list-client.js';
import { readServiceModels } from './service-models.js';

const one = (entry: object) => readServiceModels({ data: [{ id: 'm', ...entry }] })?.models[0];

describe('the list of a service', () => {
  it.each([
    ['OpenRouter', { context_length: 163_840, top_provider: { context_length: 1 } }, 163_840],
    ['vLLM', { max_model_len: 32_768 }, 32_768],
    ['Groq', { context_window: 131_072 }, 131_072],
    ['Mistral', { max_context_length: 8_192 }, 8_192],
    ['Anthropic', { max_input_tokens: 200_000 }, 200_000],
    ['llama.cpp', { meta: { n_ctx_train: 40_960 } }, 40_960],
    ['nobody', { object: 'model' }, null],
    ['garbage', { context_length: 'many', max_model_len: -1, context_window: 1e300, meta: 7 }, null],
  ])('tells its context as %s does', (_who, entry, contextLength) => {
    expect(one(entry)).toMatchObject({ id: 'm', state: 'unknown', contextLength });
  });

  it.each([
    [{ architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] } }, ['vision']],
    [{ supported_parameters: ['tools', 'temperature'] }, ['tools']],
    [{ capabilities: { completion_chat: true, vision: false } }, ['completion_chat']],
    [{ capabilities: ['completion', 'multimodal', 3] }, ['completion', 'multimodal']],
    [{ type: 'embedding' }, ['embedding']],
    [{ architecture: 3, supported_parameters: 'tools', capabilities: null }, []],
  ])('tells what a model can do: %j', (entry, capabilities) => {
    expect(one(entry)?.capabilities).toEqual(capabilities);
  });

  it('may be a bare array, and has each id once', () => {
    const read = readServiceModels([{ id: 'a', name: 'A' }, { id: 'b' }, { id: 'a', name: 'again' }]);
    expect(read?.models.map(({ id, name }) => [id, name])).toEqual([
      ['a', 'A'],
      ['b', 'b'],
    ]);
    expect(read?.leftOut).toBe(0);
  });

  it('loses what cannot be read, and says how much', () => {
    const entries = [
      { id: 'good' },
      { id: '' },
      { id: 7 },
      'text',
      null,
      { id: 'a\nb' },
      { id: 'x'.repeat(257) },
    ];
    const read = readServiceModels({ data: entries });
    expect(read?.models.map(({ id }) => id)).toEqual(['good']);
    expect([read?.leftOut, read?.bad.length]).toEqual([6, 6]);
  });

  it.each([{}, [7], 'x', null, { data: {} }, { data: [{ id: '' }] }, { models: [] }])(
    'is none in %j',
    (body) => expect(readServiceModels(body)).toBeNull(),
  );
  it('may be empty', () => expect(readServiceModels({ data: [] })).toMatchObject({ models: [], leftOut: 0 }));

  it('is kept to what fits into one message, however long it is', () => {
    const many = Array.from({ length: 12_000 }, (_, n) => ({ id: `m${n}` }));
    expect(readServiceModels({ data: many })).toMatchObject({ leftOut: 11_000 });
    const long = Array.from({ length: 1_000 }, (_, n) => ({
      id: `${n}`.padEnd(256, 'ü'),
      name: 'ü'.repeat(999),
      description: 'ü'.repeat(9_999),
    }));
    const read = readServiceModels({ data: long });
    expect(Buffer.byteLength(JSON.stringify(read?.models))).toBeLessThan(600 * 1_024);
    expect(read?.models.length).toBeGreaterThan(200);
  });

  it('of anything whatever is read without a throw, into models that the log takes', () => {
    const entry = fc.oneof(
      fc.record({ id: fc.oneof(fc.string(), fc.anything()), name: fc.anything(), meta: fc.anything() }),
      fc.anything(),
    );
    fc.assert(
      fc.property(fc.array(entry), fc.constantFrom(readServiceModels, readGatewayModels), (data, read) => {
        for (const model of read({ data })?.models ?? [])
          expect(ModelSchema.safeParse({ ...model, since: null, failedAt: null }).success).toBe(true);
      }),
    );
  });
});

describe('the list of another BooControl', () => {
  const entry = (id: string, providers: string[], more: object = {}): object => ({
    id,
    object: 'model',
    owned_by: providers.length === 1 ? providers[0] : 'boocontrol',
    context_length: 8_192,
    loaded: false,
    available: true,
    providers,
    ...more,
  });

  it('has each model by its own name, with what is known of it now, and the policies', () => {
    const read = readGatewayModels({
      data: [
        entry('auto:code', ['tower'], { policy: { name: 'code', version: 1, description: 'For code' } }),
        entry('qwen3', ['nas', 'tower'], { loaded: true }),
        entry('org/big', ['nas'], { available: false }),
        entry('nas/qwen3', ['nas']),
        entry('tower/qwen3', ['tower'], { loaded: true }),
        entry('nas/org/big', ['nas'], { available: false }),
        // A name that leads elsewhere there is only in the list with its provider.
        entry('nas/auto', ['nas']),
      ],
    });
    expect(read?.models.map(({ id, state, available }) => [id, state, available])).toEqual([
      ['auto:code', 'stopped', undefined],
      ['qwen3', 'ready', undefined],
      ['org/big', 'stopped', false],
      ['nas/auto', 'stopped', undefined],
    ]);
    expect(read?.models[0]).toMatchObject({ description: 'For code', contextLength: 8_192 });
    expect(read?.leftOut).toBe(0);
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 21, 12);
  it.each([
    ['', null],
    ['120', 120_000],
    [' 0 ', 0],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['soon', null],
  ])('%j: %s', (text, ms) => expect(waitOf(text, now)).toEqual(ms));
});
