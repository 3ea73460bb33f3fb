import type { Fingerprint, Suite } from '@boocontrol/contracts';
import { createHash } from 'node:crypto';
import { canonical, suiteHash } from '../suite/suite.js';
import type { Host, ModelFacts } from '../wire/host.js';

/** `gpus` is what somebody else knows of them; absent: nobody does. */
export function fingerprintOf(
  host: Host,
  { model, facts, suite }: { model: string; facts: ModelFacts; suite: Suite },
  gpus?: string[],
): Fingerprint {
  return {
    host: host.http.base,
    hostKind: host.kind,
    hostVersion: host.version,
    model,
    ...facts,
    endpoint: suite.endpoint,
    sampling: suite.sampling,
    suite: suiteHash(suite),
    ...(gpus && { gpus }),
  };
}

/**
 * The same for runs of which one may be the baseline of the other without anybody having said so. Versions of llama-swap
 * and of the engine are not in it: a slower build is what one wants to hear of, and it is named beside the verdict.
 */
export function fingerprintKey({
  hostVersion: _hostVersion,
  engineBuild: _engineBuild,
  ...same
}: Fingerprint): string {
  return createHash('sha256').update(canonical(same)).digest('hex').slice(0, 16);
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
  gpus: 'GPUs',
};

/** What is not the same, in words: `engine build b7112 → b7200`. */
export function differences(before: Fingerprint, now: Fingerprint): string[] {
  const said = (value: unknown): string =>
    value === null || value === undefined ? 'not told' : typeof value === 'string' ? value : canonical(value);
  return (Object.keys(NAMES) as (keyof Fingerprint)[])
    .filter((key) => said(before[key]) !== said(now[key]))
    .map((key) => `${NAMES[key]} ${said(before[key])} → ${said(now[key])}`);
}

/** The same of a host since a run began. That nothing was told of the GPUs then, or now, is no change. */
export function changedSince(then: Fingerprint, now: Fingerprint): string[] {
  const { gpus, ...before } = then;
  const { gpus: gpusNow, ...rest } = now;
  const isKnown = gpus !== undefined && gpusNow !== undefined;
  return differences({ ...before, ...(isKnown && { gpus }) }, { ...rest, ...(isKnown && { gpus: gpusNow }) });
}
