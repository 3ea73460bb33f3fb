import type { Model } from '@boocontrol/contracts';
import { emptyHost, instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { gpu, liveness, model, perf, provider } from '../../testing/hosts';
import { readMeter } from '../live/meters';
import { sparkPath } from '../ui/spark-path';
import { completeUrl, suggestId, toInput, toPatch, EMPTY_FORM, formOf } from '../hosts/host-form';
import { instruments, monitoringNotice } from '../hosts/instruments';
import { compactView } from './compact';
import { groupModels, noneLoadedText } from '../hosts/models';
import { byLabel, filterProviders, partition } from './search';
import { fleetView } from './view';

const NOW = Date.UTC(2026, 10, 20, 12);
const host = provider('tower', 'Tower', { tags: ['5090'] });
const marked = (favorites: string[], hidden: string[] = []) => ({
  favorites: favorites.map((id) => ({ providerId: 'tower', model: id, createdAt: instantFromMs(NOW) })),
  hidden: hidden.map((id) => ({ providerId: 'tower', model: id, hiddenAt: instantFromMs(NOW) })),
});

describe('models of a card', () => {
  const base = { ...emptyHost('tower') };
  it('has loaded ones in the order of the host, failed ones apart, the others by star and name', () => {
    const models = [
      model('z-10', 'stopped', NOW),
      model('loaded-b', 'starting', NOW),
      model('z-9', 'stopped', NOW),
      model('broken', 'stopped', NOW, { failedAt: instantFromMs(NOW) }),
      model('loaded-a', 'ready', NOW, { failedAt: null }),
      model('starred', 'stopped', NOW),
    ];
    const groups = groupModels({ ...base, models }, marked(['starred']));
    expect(groups.loaded.map(({ id }) => id)).toEqual(['loaded-b', 'loaded-a']);
    expect(groups.failed.map(({ id, word, tone }) => [id, word, tone])).toEqual([
      ['broken', 'load failed', 'error'],
    ]);
    expect(groups.others.map(({ id }) => id)).toEqual(['starred', 'z-9', 'z-10']);
    expect(groups.loaded[0]).toMatchObject({ tone: 'busy', pulses: true, word: 'starting' });
  });
  it('has loaded favourites first, and hidden models nowhere but among the hidden', () => {
    const models = [
      model('plain', 'ready', NOW),
      model('starred', 'ready', NOW),
      model('put-aside', 'ready', NOW),
      model('broken', 'stopped', NOW, { failedAt: instantFromMs(NOW) }),
      model('asleep', 'stopped', NOW),
    ];
    const marks = marked(['starred'], ['put-aside', 'broken', 'asleep']);
    const groups = groupModels({ ...base, models }, marks);
    expect(groups.loaded.map(({ id }) => id)).toEqual(['starred', 'plain']);
    expect([groups.failed, groups.others]).toEqual([[], []]);
    expect(groups.hidden.map(({ id }) => id)).toEqual(['put-aside', 'asleep', 'broken']);
    expect(compactView(provider('tower', 'Tower'), { ...base, models }, undefined, marks)).toMatchObject({
      first: { id: 'starred' },
      more: 1,
    });
  });
  it('has all its models where the host itself is hidden', () => {
    const hidden = [{ providerId: 'tower', model: null, hiddenAt: instantFromMs(NOW) }];
    const models = [model('a', 'ready', NOW)];
    expect(groupModels({ ...base, models }, { favorites: [], hidden }).loaded).toHaveLength(1);
  });
  it('says why none is shown', () => {
    const text = (hidden: string[], ...models: Model[]) =>
      noneLoadedText(groupModels({ ...base, models }, marked([], hidden)));
    const [awake, asleep] = [model('awake', 'ready', NOW), model('asleep', 'stopped', NOW)];
    expect(text([], awake)).toBeNull();
    expect(text(['asleep'], asleep)).toBe('No model is loaded.');
    expect(text(['awake'], awake, asleep)).toBe('Only hidden models are loaded.');
    expect(text([])).toBe('No models known yet.');
  });
  it('counts requests in flight, also those that name an alias', () => {
    const flight = (id: string, name: string) => ({
      id,
      startedAt: null,
      model: name,
      reqPath: '/v1/chat/completions',
      method: 'POST',
      source: 'boochat',
      remoteIp: null,
      respBytes: null,
    });
    const { loaded } = groupModels(
      {
        ...base,
        models: [model('m', 'ready', NOW, { aliases: ['gpt'] })],
        inflight: {
          providerId: 'tower',
          at: instantFromMs(NOW),
          total: 2,
          requests: [flight('1', 'm'), flight('2', 'gpt')],
        },
      },
      null,
    );
    expect(loaded[0]?.inflight).toBe(2);
  });
});

describe('instruments', () => {
  it('turns readings into figures with levels', () => {
    const view = instruments(
      readMeter(undefined, perf('tower', NOW, [gpu(0, 'NVIDIA GeForce RTX 5090', 32_768, 1)], 1)),
    );
    expect(view.gpus[0]).toMatchObject({ name: 'RTX 5090', used: '30.1', total: '32.0' });
    expect(view.gpus[0]?.temp).toMatchObject({ value: '80', level: 'high' });
    expect(view.net.rx).toEqual({ value: '–', unit: '' });
  });
  it('has dashes where nothing was measured', () => {
    expect(instruments(undefined)).toMatchObject({
      gpus: [],
      cpu: { value: '–', fraction: null, level: 'normal' },
    });
  });
  it('says why there is nothing', () => {
    const of = (monitoring: 'on' | 'off' | 'absent') =>
      monitoringNotice({ liveness: liveness('tower', NOW, { monitoring }), perf: null });
    expect(of('off')).toContain('performance.every');
    expect(of('absent')).toContain('v212');
    expect(of('on')).toContain('Waiting');
  });
});

describe('hosts on the page', () => {
  const down = provider('down', 'Down');
  const off = provider('off', 'Off', { enabled: false });
  const hosts = {
    tower: { ...emptyHost('tower'), liveness: liveness('tower', NOW) },
    down: { ...emptyHost('down'), liveness: liveness('down', NOW, { state: 'down' }) },
  };
  it('are those of the registry, whatever else is in the fold', () => {
    expect(filterProviders([down], hosts, 'tower')).toEqual([]);
  });
  it('are found by name, tag and state', () => {
    const found = (text: string) => filterProviders([host, down, off], hosts, text).map(({ id }) => id);
    expect([found('5090'), found('down'), found('tow conn'), found(''), found('disabled')]).toEqual([
      ['tower'],
      ['down'],
      ['tower'],
      ['tower', 'down', 'off'],
      ['off'],
    ]);
  });
  it('are parted without losing their order', () => {
    expect(partition([1, 2, 3, 4], (n) => n % 2 === 0)).toEqual([
      [2, 4],
      [1, 3],
    ]);
  });
  it('are sorted by name, numbers by value, disabled ones last', () => {
    const names = [off, provider('n10', 'Node 10'), provider('n2', 'Node 2')]
      .toSorted(byLabel)
      .map(({ label }) => label);
    expect(names).toEqual(['Node 2', 'Node 10', 'Off']);
  });
});

describe('the form of a host', () => {
  it('suggests a free slug', () => {
    expect(suggestId('', 'http://192.168.1.20:8080', new Set())).toBe('192-168-1-20');
    expect(suggestId('', 'tower.local:8080', new Set(['tower']))).toBe('tower-2');
    expect(suggestId('Büro & Keller!', '', new Set())).toBe('b-ro-keller');
    expect(suggestId('', '', new Set())).toBe('');
  });
  it('completes an address without a scheme', () => {
    expect([completeUrl(' tower:8080 '), completeUrl('https://x'), completeUrl('')]).toEqual([
      'http://tower:8080',
      'https://x',
      '',
    ]);
  });
  it('sends what was typed, and of a change only what differs', () => {
    const form = { ...EMPTY_FORM, baseUrl: 'tower:8080', id: 'tower', tags: 'a, b,,a' };
    expect(toInput(form)).toEqual({ id: 'tower', baseUrl: 'http://tower:8080', tags: ['a', 'b'] });
    const before = provider('tower', 'Tower', { apiKeyEnv: 'X_API_KEY', tags: ['a'] });
    expect(toPatch(formOf(before), before)).toEqual({});
    expect(toPatch({ ...formOf(before), apiKeyEnv: '', label: 'New' }, before)).toEqual({
      apiKeyEnv: null,
      label: 'New',
    });
  });
});

describe('a sparkline', () => {
  it('stays in its box', () => {
    const { line } = sparkPath([0, 5, 20, 1], 240, 36, 10);
    const ys = [...line.matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y));
    expect(Math.min(...ys)).toBe(1);
    expect(Math.max(...ys)).toBe(35);
  });
  it('is not drawn from a single value', () => expect(sparkPath([1], 240, 36, 10).line).toBe(''));
});

describe('the view of a fleet', () => {
  it.each([
    [null, null, 6, 'cards'],
    [null, null, 7, 'compact'],
    [null, 'cards', 300, 'cards'],
    ['table', 'cards', 1, 'table'],
    ['nonsense', 'nonsense', 1, 'cards'],
  ] as const)('asked for %s, kept %s, %i hosts: %s', (asked, kept, hosts, view) =>
    expect(fleetView(asked, kept, hosts)).toBe(view),
  );
});
