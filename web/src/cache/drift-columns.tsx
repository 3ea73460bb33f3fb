'use client';
import type { PrefixDrift } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { hostName } from '../control/names';
import { compact, duration, NONE, spoken } from '../format/number';
import { Ago } from '../live/Ago';
import type { Column } from '../page/columns';
import { KindMark, SeenBy } from './marks';
import { causeWords } from './words';

const Nothing = () => <span className="text-fg3">{NONE}</span>;
const Text = ({ children, mono = false }: { children: string; mono?: boolean }) => (
  <span className={`truncate ${mono ? 'font-mono' : ''}`} title={children}>
    {children}
  </span>
);

export const DRIFT_COLUMNS: readonly Column<PrefixDrift>[] = [
  {
    id: 'when',
    name: 'When',
    minPx: 88,
    fixed: true,
    render: ({ at }) => <Ago atMs={instantToMs(at)} className="truncate text-fg2" />,
  },
  {
    id: 'cause',
    name: 'Cause',
    minPx: 190,
    grow: 0.6,
    fixed: true,
    render: ({ kind, cause, seenBy }) => (
      <span className="flex min-w-0 items-center gap-2" title={causeWords(cause).means}>
        <KindMark kind={kind} />
        <span className="truncate">{causeWords(cause).name}</span>
        <SeenBy seenBy={seenBy} />
      </span>
    ),
  },
  {
    id: 'took',
    name: 'Cost',
    hint: 'Time that was spent with reading again what had been in the cache',
    minPx: 72,
    numeric: true,
    fixed: true,
    render: ({ lostMs }) => (lostMs === null ? <Nothing /> : spoken(duration(lostMs))),
  },
  {
    id: 'tokens',
    name: 'Read again',
    hint: 'Tokens that the cache would have had',
    minPx: 84,
    numeric: true,
    render: ({ lostTokens }) => (lostTokens === null ? <Nothing /> : compact(lostTokens)),
  },
  {
    id: 'consumer',
    name: 'Consumer',
    minPx: 110,
    grow: 0.4,
    render: ({ consumer }) => <Text>{consumer}</Text>,
  },
  {
    id: 'model',
    name: 'Model',
    minPx: 140,
    grow: 0.8,
    render: ({ model }) => <Text mono>{model}</Text>,
  },
  {
    id: 'host',
    name: 'Host',
    minPx: 96,
    grow: 0.4,
    render: ({ providerId }) => <Text>{hostName(providerId)}</Text>,
  },
  {
    id: 'inputs',
    name: 'What changed',
    minPx: 130,
    grow: 0.8,
    render: ({ changedInputs }) =>
      changedInputs.length === 0 ? <Nothing /> : <Text>{changedInputs.join(', ')}</Text>,
  },
];
