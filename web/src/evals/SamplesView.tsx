'use client';
import type { EvalOutcome, EvalSampleHead, EvalSamplesPage } from '@boocontrol/contracts';
import { withQuery } from '../api/client';
import { usePages } from '../api/use-pages';
import { count, duration, NONE, rate, spoken } from '../format/number';
import type { Column } from '../page/columns';
import { Select } from '../page/Select';
import Table from '../page/Table';
import { Button } from '../ui/controls';
import { Mark } from '../ui/marks';
import { runPath, samplePath } from './calls';
import { counted, outcomeOf, type SampleAt } from './items';
import { OutcomeWord } from './Outcomes';
import { OUTCOME } from './words';

interface SamplesViewProps {
  id: string;
  /** Of the run: with another one they are asked for again. */
  version: number;
  outcomes: Readonly<Record<string, number | undefined>>;
  only: EvalOutcome | null;
  onOnly: (outcome: EvalOutcome | null) => void;
  onOpen: (sample: SampleAt) => void;
}

const PAGE = 500;
const samplesOf = ({ samples }: EvalSamplesPage): readonly EvalSampleHead[] => samples;
const keyOf = ({ item, sample }: EvalSampleHead): string => samplePath('', item, sample);
const number = (value: string): string | React.ReactNode =>
  value === NONE ? <span className="text-fg3">{NONE}</span> : value;

const COLUMNS: readonly Column<EvalSampleHead>[] = [
  {
    id: 'item',
    name: 'Item',
    minPx: 150,
    grow: 0.6,
    fixed: true,
    render: ({ item }) => (
      <span className="truncate font-mono" title={item}>
        {item}
      </span>
    ),
    sortBy: ({ item }) => item,
  },
  { id: 'try', name: 'Try', minPx: 32, numeric: true, render: ({ sample }) => count(sample + 1) },
  {
    id: 'outcome',
    name: 'Outcome',
    minPx: 116,
    fixed: true,
    sortBy: ({ outcome }) => outcome,
    render: ({ outcome }) => <OutcomeWord outcome={outcome} />,
  },
  {
    id: 'reason',
    name: 'Why',
    minPx: 150,
    grow: 1,
    render: ({ reason, answerStart }) => (
      <span className={`truncate ${reason ? 'text-fg2' : 'text-fg3'}`} title={reason?.message ?? answerStart}>
        {reason?.message ?? answerStart}
      </span>
    ),
  },
  {
    id: 'tokens',
    name: 'Tokens',
    hint: 'Of the answer, reasoning included',
    minPx: 64,
    numeric: true,
    largestFirst: true,
    sortBy: ({ outputTokens }) => outputTokens,
    render: ({ outputTokens }) => number(count(outputTokens)),
  },
  {
    id: 'took',
    name: 'Took',
    minPx: 72,
    numeric: true,
    largestFirst: true,
    sortBy: ({ e2eMs }) => e2eMs,
    render: ({ e2eMs }) => number(spoken(duration(e2eMs))),
  },
  {
    id: 'tps',
    name: 'Tokens/s',
    minPx: 80,
    numeric: true,
    largestFirst: true,
    sortBy: ({ genTps }) => genTps,
    render: ({ genTps, isContaminated }) => (
      <span className="inline-flex items-center gap-1.5" title={isContaminated ? 'contaminated' : undefined}>
        {isContaminated && (
          <>
            <Mark tone="busy" />
            <span className="sr-only">contaminated</span>
          </>
        )}
        {number(rate(genTps))}
      </span>
    ),
  },
];

const ROW_PX = 32;
const MOST_ROWS = 12;

/** Every sample of a run; one opens with all that is known of it. */
export default function SamplesView({ id, version, outcomes, only, onOnly, onOpen }: SamplesViewProps) {
  const question = withQuery(`${runPath(id)}/samples`, { outcome: only ?? undefined, limit: PAGE });
  const pages = usePages(question, question, samplesOf, version);
  const { rows: samples, isKnown, error, cursor, older, retry } = pages;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <Select
          label="Only this outcome"
          all="All outcomes"
          value={only}
          options={counted(outcomes).map(({ outcome, n }) => ({
            value: outcome,
            label: `${OUTCOME[outcome].word}: ${count(n)}`,
          }))}
          onChange={(value) => onOnly(outcomeOf(value))}
        />
        {isKnown && (
          <span className="text-sm text-fg3" role="status">
            {count(samples.length)}
            {cursor !== null && ' and more'}
          </span>
        )}
      </div>
      {error && (
        <p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
          Couldn’t load the samples. {error.message}
          <Button onClick={retry}>Try again</Button>
        </p>
      )}
      {samples.length > 0 ? (
        <div
          className={`-mx-4 flex flex-col md:-mx-6 pointer-coarse:[--row:40px] ${isKnown ? '' : 'opacity-60'}`}
          style={{
            height: `calc(var(--row, ${ROW_PX}px) * ${Math.min(MOST_ROWS, samples.length) + 1} + 18px)`,
          }}
        >
          <Table
            label="Samples, in the order of the suite"
            name="eval-samples"
            rows={samples}
            columns={COLUMNS}
            keyOf={keyOf}
            onOpen={onOpen}
            onEnd={older}
          />
        </div>
      ) : (
        !error && (
          <p className="text-sm text-fg2">
            {!isKnown
              ? 'Loading the samples.'
              : only === null
                ? 'No sample has its outcome yet.'
                : 'None came out so.'}
          </p>
        )
      )}
    </div>
  );
}
