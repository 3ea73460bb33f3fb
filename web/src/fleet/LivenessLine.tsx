'use client';
import type { Liveness, PublicProvider } from '@boocontrol/contracts';
import { useFleetTick } from '../live';
import { Mark } from '../ui/marks';
import { toneText } from '../ui/tone';
import { livenessView } from '../hosts/liveness';

export function LivenessMark({
  provider,
  liveness,
}: {
  provider: PublicProvider;
  liveness: Liveness | null;
}) {
  const { tone, word } = livenessView(provider, liveness, 0);
  return (
    <span title={word}>
      <Mark tone={tone} pulses={tone === 'busy'} />
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
  const { tone } = livenessView(provider, liveness, 0);
  const text = useFleetTick((nowMs) => livenessView(provider, liveness, nowMs).text);
  return <span className={tone === 'ready' ? 'text-fg2' : toneText[tone]}>{text}</span>;
}
