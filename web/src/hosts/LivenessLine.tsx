'use client';
import type { Liveness, PublicProvider } from '@boocontrol/contracts';
import { useFleetTick, useIsLost } from '../live';
import { Mark } from '../ui/marks';
import { toneText } from '../ui/tone';
import { livenessView } from './liveness';

export function LivenessMark({
  provider,
  liveness,
}: {
  provider: PublicProvider;
  liveness: Liveness | null;
}) {
  const { tone, word } = livenessView(provider, liveness, 0);
  const lost = useIsLost();
  return (
    <span title={lost ? `last known: ${word}` : word}>
      <Mark tone={lost ? 'down' : tone} pulses={tone === 'busy' && !lost} />
    </span>
  );
}

/** "reconnecting, try 3 in 8 s", its seconds running. */
export function LivenessText({
  provider,
  liveness,
}: {
  provider: PublicProvider;
  liveness: Liveness | null;
}) {
  const { tone, word } = livenessView(provider, liveness, 0);
  const text = useFleetTick((nowMs) => livenessView(provider, liveness, nowMs).text);
  // Without the live connection nobody knows whether it still is.
  if (useIsLost()) return <span className="text-fg3">last known: {word}</span>;
  return <span className={tone === 'ready' ? 'text-fg2' : toneText[tone]}>{text}</span>;
}
