import type { Action, Lease, PublicProvider } from '@boocontrol/contracts';
import { plural } from '../format/number';
import type { Tone } from '../ui/tone';
import { actionWords } from './words';

interface ControlLine {
  tone: Tone;
  text: string;
}

/** What HostControl shows, in one line; null: nothing is being done with the host. */
export function controlLine(
  { maintenance }: Pick<PublicProvider, 'maintenance'>,
  lease: Pick<Lease, 'holder'> | undefined,
  open: readonly Action[],
): ControlLine | null {
  const running = open.find(({ state }) => state === 'started');
  const waiting = open.length - (running ? 1 : 0);
  const parts: ControlLine[] = [
    ...(maintenance
      ? [{ tone: 'down' as const, text: `In maintenance${maintenance.note ? `: ${maintenance.note}` : ''}` }]
      : []),
    ...(running ? [{ tone: 'busy' as const, text: actionWords(running).doing }] : []),
    ...(waiting > 0 ? [{ tone: 'neutral' as const, text: `${plural(waiting, 'action')} waiting` }] : []),
    ...(lease ? [{ tone: 'own' as const, text: `held by ${lease.holder}` }] : []),
  ];
  const [first] = parts;
  return first ? { tone: first.tone, text: parts.map(({ text }) => text).join(' · ') } : null;
}
