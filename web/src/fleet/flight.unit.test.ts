import { emptyHost, instantFromMs } from '@boocontrol/fleet-model';
import { expect, it } from 'vitest';
import { model } from '../../testing/hosts';
import { flightText } from './flight';

const NOW = Date.UTC(2026, 10, 20, 12);
const models = [
  model('qwen', 'ready', NOW),
  model('gpt-oss-20b', 'stopped', NOW, { aliases: ['oss'] }),
  model('phi', 'starting', NOW),
];

it.each([
  [0, [], '0 in flight'],
  [3, [], '3 in flight'],
  [2, ['qwen', 'qwen'], '2 in flight'],
  [5, ['qwen', 'oss', 'gpt-oss-20b', 'oss', 'oss'], '1 running · 4 waiting for gpt-oss-20b'],
  [1, ['phi'], '1 waiting for phi'],
  [4, ['phi', 'oss', 'oss', 'unheard'], '1 running · 2 waiting for gpt-oss-20b · 1 for 1 other model'],
])('%i under way, of them %j: %s', (total, names, text) => {
  const requests = names.map((name, i) => ({
    id: String(i),
    startedAt: null,
    model: name,
    reqPath: '/v1/chat/completions',
    method: 'POST',
    source: 'boochat',
    remoteIp: null,
    respBytes: 0,
  }));
  const inflight = { providerId: 'tower', at: instantFromMs(NOW), total, requests };
  expect(flightText({ ...emptyHost('tower'), models, inflight })).toBe(text);
});
