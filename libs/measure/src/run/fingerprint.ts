import { z } from 'zod';
import { canonical, suiteHash, type Suite } from '../suite/suite.js';
import type { Host, ModelFacts } from '../wire/host.js';

const text = z.string().nullable();

/** Everything that has to be the same for two figures to be comparable, as far as the host tells it. */
export const FingerprintSchema = z.strictObject({
  host: z.string().describe('Its address'),
  hostKind: z.enum(['llama-swap', 'llama.cpp', 'openai']),
  hostVersion: text.describe('Of llama-swap'),
  model: z.string(),
  file: text.describe('Name of its file'),
  command: text.describe('Of its server, without secrets'),
  engineBuild: text,
  contextTokens: z.int().nullable().describe('Of one slot'),
  slots: z.int().nullable(),
  otherModels: z.array(z.string()).describe('In memory beside it'),
  endpoint: z.enum(['chat', 'completions']),
  sampling: z.looseObject({}),
  suite: z.string().describe('Hash of the suite without its name'),
});
export type Fingerprint = z.infer<typeof FingerprintSchema>;

export function fingerprintOf(host: Host, model: string, facts: ModelFacts, suite: Suite): Fingerprint {
  return {
    host: host.http.base,
    hostKind: host.kind,
    hostVersion: host.version,
    model,
    ...facts,
    endpoint: suite.endpoint,
    sampling: suite.sampling,
    suite: suiteHash(suite),
  };
}

const NAMES: Readonly<Record<keyof Fingerprint, string>> = {
  host: 'host',
  hostKind: 'kind of host',
  hostVersion: 'llama-swap',
  model: 'model',
  file: 'model file',
  command: 'command line',
  engineBuild: 'engine build',
  contextTokens: 'context',
  slots: 'slots',
  otherModels: 'other models in memory',
  endpoint: 'endpoint',
  sampling: 'sampling',
  suite: 'suite',
};

/** What is not the same, in words: `engine build b7112 → b7200`. */
export function differences(before: Fingerprint, now: Fingerprint): string[] {
  const said = (value: unknown): string =>
    value === null ? 'not told' : typeof value === 'string' ? value : canonical(value);
  return (Object.keys(NAMES) as (keyof Fingerprint)[])
    .filter((key) => said(before[key]) !== said(now[key]))
    .map((key) => `${NAMES[key]} ${said(before[key])} → ${said(now[key])}`);
}
