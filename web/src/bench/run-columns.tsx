'use client';
import { definitionOf, type BenchRun, type FigureKey } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { hostName } from '../control/names';
import { count, NONE, plural } from '../format/number';
import { Ago } from '../live/Ago';
import type { Column } from '../page/columns';
import { Mark } from '../ui/marks';
import { toneText } from '../ui/tone';
import { say } from './figures';
import { RUN_STATE } from '../runs/run-words';
import { taints } from './words';

const Text = ({
  children,
  mono = false,
  dim = false,
}: {
  children: string;
  mono?: boolean;
  dim?: boolean;
}) => (
  <span className={`truncate ${mono ? 'font-mono' : ''} ${dim ? 'text-fg2' : ''}`} title={children}>
    {children}
  </span>
);
const Nothing = () => <span className="text-fg3">{NONE}</span>;

/** Normal is dim: only a run that is not whole has a colour. */
export function RunState({ run: { state, reason } }: { run: BenchRun }) {
  const { tone, word } = RUN_STATE[state];
  return (
    <span
      title={reason?.message}
      className={`inline-flex items-center gap-1.5 whitespace-nowrap ${state === 'succeeded' ? 'text-fg2' : toneText[tone]}`}
    >
      {state !== 'succeeded' && <Mark tone={tone} />}
      {word}
    </span>
  );
}

/** What speaks against its figures, as a mark and in words. */
export function Taints({ run }: { run: BenchRun }) {
  const words = taints(run);
  if (words.length === 0) return <span className="text-fg3">clean</span>;
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5 text-busy" title={words.join(', ')}>
      <Mark tone="busy" />
      <span className="truncate">
        {run.contaminated > 0 && `${count(run.contaminated)} contaminated`}
        {run.contaminated > 0 && run.polluted > 0 && ', '}
        {run.polluted > 0 && `${count(run.polluted)} polluted`}
      </span>
    </span>
  );
}

export function Regressed({ run: { regressed } }: { run: BenchRun }) {
  if (regressed === null) return <Nothing />;
  if (regressed === 0) return <span className="text-fg3">none</span>;
  return (
    <span
      className="inline-flex items-center gap-1.5 text-error"
      title={plural(regressed, 'figure regressed', 'figures regressed')}
    >
      <Mark tone="error" />
      {count(regressed)} regressed
    </span>
  );
}

const figure = (key: FigureKey, name: string, more: Partial<Column<BenchRun>> = {}): Column<BenchRun> => {
  const { is, unit, better } = definitionOf(key);
  return {
    id: key,
    name,
    hint: `${is} Median of the first clean cell; ${unit}`,
    minPx: 84,
    numeric: true,
    largestFirst: better === 'higher',
    sortBy: ({ headline }) => headline[key] ?? null,
    render: ({ headline }) => (headline[key] === undefined ? <Nothing /> : say(key, headline[key])),
    ...more,
  };
};

export const RUN_COLUMNS: readonly Column<BenchRun>[] = [
  {
    id: 'when',
    name: 'When',
    minPx: 84,
    fixed: true,
    largestFirst: true,
    sortBy: ({ createdAt }) => createdAt,
    render: ({ startedAt, createdAt }) => (
      <Ago atMs={instantToMs(startedAt ?? createdAt)} className="truncate text-fg2" />
    ),
  },
  {
    id: 'suite',
    name: 'Suite',
    minPx: 100,
    grow: 0.6,
    fixed: true,
    sortBy: ({ suiteName }) => suiteName,
    render: ({ suiteName, kind }) => <Text>{kind === 'imported' ? 'llama-bench, imported' : suiteName}</Text>,
  },
  {
    id: 'host',
    name: 'Host',
    minPx: 100,
    grow: 0.6,
    sortBy: ({ providerId }) => hostName(providerId),
    render: ({ providerId }) => <Text>{hostName(providerId)}</Text>,
  },
  {
    id: 'model',
    name: 'Model',
    minPx: 150,
    grow: 1.4,
    sortBy: ({ model }) => model,
    render: ({ model }) => <Text mono>{model}</Text>,
  },
  figure('ttftMs', 'TTFT, ms'),
  figure('genTps', 'Tokens/s'),
  figure('tokensPerS', 'All answers, tokens/s', { minPx: 140, optional: true }),
  {
    id: 'taints',
    name: 'Marks',
    hint: 'Contaminated: something else may have touched a cell. Polluted: a figure is not what it would be by itself.',
    minPx: 130,
    grow: 0.4,
    largestFirst: true,
    sortBy: ({ contaminated, polluted }) => contaminated + polluted,
    render: (run) => <Taints run={run} />,
  },
  {
    id: 'regressed',
    name: 'Verdicts',
    hint: 'Figures that regressed against the baseline',
    minPx: 104,
    largestFirst: true,
    sortBy: ({ regressed }) => regressed,
    render: (run) => <Regressed run={run} />,
  },
  {
    id: 'state',
    name: 'State',
    minPx: 104,
    sortBy: ({ state }) => state,
    render: (run) => <RunState run={run} />,
  },
  {
    id: 'build',
    name: 'Engine',
    minPx: 80,
    optional: true,
    sortBy: ({ engineBuild }) => engineBuild,
    render: ({ engineBuild }) =>
      engineBuild === null ? (
        <Nothing />
      ) : (
        <Text mono dim>
          {engineBuild}
        </Text>
      ),
  },
];
