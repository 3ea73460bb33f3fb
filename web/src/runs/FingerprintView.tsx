'use client';
import type { Fingerprint } from '@boocontrol/contracts';
import type { ReactNode } from 'react';
import { count, NONE } from '../format/number';
import { Fact } from '../page/Details';

/** A fact of a fingerprint that is a piece of code. */
export const Mono = ({ children }: { children: string | null }): ReactNode =>
  children === null ? NONE : <code className="font-mono text-xs">{children}</code>;

/** Everything that has to be the same for two runs to be comparable; what a kind of run has beside it as children. */
export function FingerprintView({
  fingerprint,
  children,
}: {
  fingerprint: Fingerprint | null;
  children?: ReactNode;
}) {
  if (!fingerprint) return <p className="text-sm text-fg2">It is known when the run has begun.</p>;
  const tokens = (n: number | null): string => (n === null ? NONE : `${count(n)} tokens`);
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-sm">
      <Fact name="Host">
        {fingerprint.host} ({fingerprint.hostKind}
        {fingerprint.hostVersion !== null && ` ${fingerprint.hostVersion}`})
      </Fact>
      <Fact name="GPU">{fingerprint.gpus?.join('; ') ?? NONE}</Fact>
      <Fact name="Engine build">
        <Mono>{fingerprint.engineBuild}</Mono>
      </Fact>
      <Fact name="Model file">
        <Mono>{fingerprint.file}</Mono>
      </Fact>
      <Fact name="Its command">
        <Mono>{fingerprint.command}</Mono>
      </Fact>
      <Fact name="Context">{tokens(fingerprint.contextTokens)}</Fact>
      <Fact name="At the same time">{count(fingerprint.slots)}</Fact>
      <Fact name="Beside it">
        {fingerprint.otherModels.length === 0 ? 'no other model' : fingerprint.otherModels.join(', ')}
      </Fact>
      <Fact name="Sampling">
        {Object.keys(fingerprint.sampling).length === 0 ? (
          'the host’s own'
        ) : (
          <Mono>{JSON.stringify(fingerprint.sampling)}</Mono>
        )}
      </Fact>
      {children}
      <Fact name="Suite">
        <Mono>{fingerprint.suite}</Mono>
      </Fact>
    </dl>
  );
}
