import type { Fingerprint } from '@boocontrol/contracts';
import { expect, test } from 'vitest';
import { differences, fingerprintKey } from './fingerprint.js';

const FINGERPRINT: Fingerprint = {
  host: 'http://10.0.0.1:8080',
  hostKind: 'llama-swap',
  hostVersion: 'v170',
  model: 'm',
  file: 'm.gguf',
  command: 'llama-server -m m.gguf',
  engineBuild: 'b7112',
  contextTokens: 4_096,
  slots: 1,
  otherModels: [],
  endpoint: 'chat',
  sampling: { top_k: 4, min_p: 0 },
  suite: 'abc',
};

test('a newer build is held against the older one by default, and named', () => {
  const newer = { ...FINGERPRINT, engineBuild: 'b7200', hostVersion: 'v171' };
  expect(fingerprintKey(newer)).toBe(fingerprintKey(FINGERPRINT));
  expect(differences(FINGERPRINT, newer)).toEqual(['llama-swap v170 → v171', 'engine build b7112 → b7200']);
});

test.each<[keyof Fingerprint, unknown]>([
  ['host', 'http://10.0.0.2:8080'],
  ['model', 'n'],
  ['file', 'n.gguf'],
  ['command', 'llama-server -m m.gguf -ctk q8_0'],
  ['contextTokens', 8_192],
  ['slots', 4],
  ['otherModels', ['n']],
  ['sampling', { top_k: 5, min_p: 0 }],
  ['suite', 'abd'],
  ['gpus', ['RTX 4090, 300 W']],
])('another %s is no baseline by default', (field, value) => {
  expect(fingerprintKey({ ...FINGERPRINT, [field]: value })).not.toBe(fingerprintKey(FINGERPRINT));
});

test('the order of fields says nothing', () => {
  const turned = Object.fromEntries(Object.entries(FINGERPRINT).toReversed()) as Fingerprint;
  expect(fingerprintKey({ ...turned, sampling: { min_p: 0, top_k: 4 } })).toBe(fingerprintKey(FINGERPRINT));
});
