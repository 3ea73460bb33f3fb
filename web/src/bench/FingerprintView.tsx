'use client';
import type { BenchRunDetail } from '@boocontrol/contracts';
import type { ReactNode } from 'react';
import { count, NONE } from '../format/number';
import { Fact } from '../page/Details';

/** Everything that has to be the same for two figures to be comparable. */
export function FingerprintView({
  detail: { fingerprint, run, calibration, suite },
}: {
  detail: BenchRunDetail;
}) {
  if (!fingerprint) return <p className="text-sm text-fg2">It is known when the run has begun.</p>;
  const mono = (text: string | null): ReactNode =>
    text === null ? NONE : <code className="font-mono text-xs">{text}</code>;
  const tokens = (n: number | null): string => (n === null ? NONE : `${count(n)} tokens`);
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-sm">
      <Fact name="Host">
        {fingerprint.host} ({fingerprint.hostKind}
        {fingerprint.hostVersion !== null && ` ${fingerprint.hostVersion}`})
      </Fact>
      <Fact name="GPU">{fingerprint.gpus?.join('; ') ?? NONE}</Fact>
      <Fact name="Engine build">{mono(fingerprint.engineBuild)}</Fact>
      <Fact name="Model file">{mono(fingerprint.file)}</Fact>
      <Fact name="Its command">{mono(fingerprint.command)}</Fact>
      <Fact name="Context">{tokens(fingerprint.contextTokens)}</Fact>
      <Fact name="At the same time">{count(fingerprint.slots)}</Fact>
      <Fact name="Beside it">
        {fingerprint.otherModels.length === 0 ? 'no other model' : fingerprint.otherModels.join(', ')}
      </Fact>
      <Fact name="Sampling">
        {Object.keys(fingerprint.sampling).length === 0
          ? 'the host’s own'
          : mono(JSON.stringify(fingerprint.sampling))}
      </Fact>
      <Fact name="Prompts">
        seed {run.seed}, {suite.cache} cache
        {calibration &&
          `; lengths counted by ${calibration.method === 'tokenizer' ? 'its tokenizer' : 'requests'}`}
      </Fact>
      <Fact name="Suite">{mono(fingerprint.suite)}</Fact>
    </dl>
  );
}
