'use client';
import type { EvalRun } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { hostName } from '../control/names';
import { count, NONE, plural, rate } from '../format/number';
import { Ago } from '../live/Ago';
import type { Column } from '../page/columns';
import { RUN_STATE } from '../runs/run-words';
import { Mark } from '../ui/marks';
import { toneText } from '../ui/tone';
import { counted } from './items';
import { OutcomeMark } from './Outcomes';
import { ScoreBar } from './ScoreBar';
import { between, OUTCOME, share } from './words';

const Nothing = () => <span className="text-fg3">{NONE}</span>;
const Text = ({ children, mono = false }: { children: string; mono?: boolean }) => (
  <span className={`truncate ${mono ? 'font-mono' : ''}`} title={children}>
    {children}
  </span>
);

function Score({ run: { score, suiteName } }: { run: EvalRun }) {
  if (!score) return <Nothing />;
  return (
    <span
      className="flex h-full min-w-0 items-center gap-2"
      title={`${share(score.pass1.mean)} (${between(score.pass1)}) of ${plural(score.items, 'item')}`}
    >
      <span className="inst w-12 shrink-0 text-right text-sm">
        {Math.round(100 * score.pass1.mean)}
        <span className="unit">%</span>
      </span>
      <ScoreBar estimate={score.pass1} label={`Score in ${suiteName}`} className="w-14 grow" />
    </span>
  );
}

/** Normal is dim: only what did not pass is said, with its sign. */
function Rest({ outcomes }: { outcomes: EvalRun['outcomes'] }) {
  const rest = counted(outcomes).filter(({ outcome }) => outcome !== 'passed' && outcome !== 'failed');
  if (rest.length === 0) return <span className="text-fg3">none</span>;
  return (
    <span className="flex gap-2">
      {rest.map(({ outcome, n }) => (
        <span key={outcome} className="flex items-center gap-1" title={OUTCOME[outcome].means}>
          <OutcomeMark outcome={outcome} />
          <span className="sr-only">{OUTCOME[outcome].word}</span>
          <span className="num">{count(n)}</span>
        </span>
      ))}
    </span>
  );
}

export const RUN_COLUMNS: readonly Column<EvalRun>[] = [
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
    id: 'model',
    name: 'Model',
    minPx: 150,
    grow: 1.4,
    sortBy: ({ model }) => model,
    render: ({ model }) => <Text mono>{model}</Text>,
  },
  {
    id: 'score',
    name: 'Score',
    hint: 'Share of items that one try passes, with its 95 % interval',
    minPx: 140,
    grow: 0.4,
    largestFirst: true,
    sortBy: ({ score }) => score?.pass1.mean ?? null,
    render: (run) => <Score run={run} />,
  },
  {
    id: 'suite',
    name: 'Suite',
    minPx: 104,
    grow: 0.5,
    fixed: true,
    sortBy: ({ suiteName }) => suiteName,
    render: ({ suiteName, isWhole }) => <Text>{isWhole ? suiteName : `${suiteName}, in part`}</Text>,
  },
  {
    id: 'host',
    name: 'Host',
    minPx: 100,
    grow: 0.5,
    sortBy: ({ providerId }) => hostName(providerId),
    render: ({ providerId }) => <Text>{hostName(providerId)}</Text>,
  },
  {
    id: 'samples',
    name: 'Samples',
    hint: 'That have their outcome',
    minPx: 72,
    numeric: true,
    sortBy: ({ done }) => done,
    render: ({ done, total }) => (done === total ? count(done) : `${count(done)}/${count(total)}`),
  },
  {
    id: 'rest',
    name: 'Neither passed nor failed',
    hint: 'Timeouts, out of memory, refused; invalid ones and our own faults count for nothing',
    minPx: 150,
    render: ({ outcomes }) => <Rest outcomes={outcomes} />,
  },
  {
    id: 'tps',
    name: 'Tokens/s',
    minPx: 72,
    numeric: true,
    largestFirst: true,
    sortBy: ({ speed }) => speed?.genTps ?? null,
    render: ({ speed }) => (speed?.genTps == null ? <Nothing /> : rate(speed.genTps)),
  },
  {
    id: 'state',
    name: 'State',
    minPx: 104,
    sortBy: ({ state }) => state,
    render: ({ state, reason, contaminated }) => (
      <span
        title={
          reason?.message ?? (contaminated > 0 ? plural(contaminated, 'contaminated sample') : undefined)
        }
        className={`inline-flex items-center gap-1.5 whitespace-nowrap ${state === 'succeeded' ? (contaminated > 0 ? 'text-busy' : 'text-fg2') : toneText[RUN_STATE[state].tone]}`}
      >
        {state !== 'succeeded' && <Mark tone={RUN_STATE[state].tone} />}
        {state === 'succeeded' && contaminated > 0 ? (
          <>
            <Mark tone="busy" />
            touched
          </>
        ) : (
          RUN_STATE[state].word
        )}
      </span>
    ),
  },
  {
    id: 'build',
    name: 'Engine',
    minPx: 80,
    optional: true,
    sortBy: ({ engineBuild }) => engineBuild,
    render: ({ engineBuild }) => (engineBuild === null ? <Nothing /> : <Text mono>{engineBuild}</Text>),
  },
];
