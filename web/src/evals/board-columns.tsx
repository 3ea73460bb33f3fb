'use client';
import type { LeaderboardEntry, LeaderboardRow } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { hostName } from '../control/names';
import { count, gigabytes, NONE, rate } from '../format/number';
import { Ago } from '../live/Ago';
import type { Column } from '../page/columns';
import { WithinLink } from '../page/WithinLink';
import { Mark } from '../ui/marks';
import { runHref } from './address';
import { entryOf, mainEntry, rowKey, type BoardSuite } from './board';
import { ScoreBar } from './ScoreBar';
import { between, rankWords, share } from './words';

const Nothing = ({ why = null }: { why?: string | null }) => (
  <span className="text-fg3" title={why ?? undefined}>
    {NONE}
    {why !== null && <span className="sr-only"> {why}</span>}
  </span>
);

export const STALE =
  'The suite has a newer version, or its host now runs another build or file of the model: ask it again.';

interface BoardColumnsOptions {
  suites: readonly BoardSuite[];
  /** Whose speed and date are shown. */
  main: string | null;
  /** Keys of rows that are to be compared. */
  chosen: readonly string[];
  onChoose: (key: string) => void;
}

/** Columns of the leaderboard: who, a score for each suite, then what it costs. */
export const boardColumns = ({
  suites,
  main,
  chosen,
  onChoose,
}: BoardColumnsOptions): Column<LeaderboardRow>[] => [
  {
    id: 'model',
    name: 'Model',
    minPx: 196,
    grow: 1.6,
    fixed: true,
    sortBy: ({ model }) => model,
    render: (row) => <Who row={row} isChosen={chosen.includes(rowKey(row))} onChoose={onChoose} />,
  },
  ...suites.map((suite) => scoreColumn(suite)),
  {
    id: 'tps',
    name: 'Tokens/s',
    hint: 'Median of generation while it was asked, and how many requests were under way at once',
    minPx: 88,
    numeric: true,
    largestFirst: true,
    sortBy: (row) => mainEntry(row, main)?.speed.genTps ?? null,
    render: (row) => <Speed entry={mainEntry(row, main)} />,
  },
  {
    id: 'ttft',
    name: 'TTFT, ms',
    hint: 'Median time to the first token while it was asked',
    minPx: 60,
    numeric: true,
    sortBy: (row) => mainEntry(row, main)?.speed.ttftMs ?? null,
    render: (row) => {
      const ttft = mainEntry(row, main)?.speed.ttftMs;
      return ttft == null ? <Nothing /> : count(ttft);
    },
  },
  {
    id: 'now',
    name: 'Now',
    hint: 'Whether its host answers, and whether the model is in memory',
    minPx: 92,
    sortBy: ({ healthy, loaded }) => (healthy ? (loaded ? 0 : 1) : 2),
    render: ({ healthy, loaded }) => <Now healthy={healthy} loaded={loaded} />,
  },
  {
    id: 'vram',
    name: 'VRAM, GB',
    hint: 'Memory in use on the GPUs of its host while this model alone was in it; what other programs hold is in it',
    minPx: 60,
    numeric: true,
    sortBy: ({ vramMb }) => vramMb,
    render: ({ vramMb, vramReason }) => (vramMb === null ? <Nothing why={vramReason} /> : gigabytes(vramMb)),
  },
  {
    id: 'size',
    name: 'Size, B',
    hint: 'Billions of parameters, as its name tells',
    minPx: 44,
    numeric: true,
    largestFirst: true,
    sortBy: ({ sizeB }) => sizeB,
    render: ({ sizeB }) => (sizeB === null ? <Nothing /> : rate(sizeB).replace('.0', '')),
  },
  {
    id: 'quant',
    name: 'Quant',
    minPx: 72,
    sortBy: ({ quant }) => quant,
    render: ({ quant }) =>
      quant === null ? <Nothing /> : <span className="truncate font-mono text-fg2">{quant}</span>,
  },
  {
    id: 'at',
    name: 'Asked',
    minPx: 84,
    largestFirst: true,
    sortBy: (row) => mainEntry(row, main)?.at ?? null,
    render: (row) => {
      const entry = mainEntry(row, main);
      return entry ? <Ago atMs={instantToMs(entry.at)} className="truncate text-fg2" /> : <Nothing />;
    },
  },
  {
    id: 'version',
    name: 'Version',
    hint: 'Of the suite; scores of two versions are never compared',
    minPx: 76,
    optional: true,
    sortBy: (row) => mainEntry(row, main)?.suiteHash ?? null,
    render: (row) => (
      <code className="font-mono text-fg3">{mainEntry(row, main)?.suiteHash.slice(0, 8) ?? NONE}</code>
    ),
  },
];

function Who({
  row,
  isChosen,
  onChoose,
}: {
  row: LeaderboardRow;
  isChosen: boolean;
  onChoose: (key: string) => void;
}) {
  const host = hostName(row.providerId);
  return (
    <span className="flex h-full min-w-0 items-center gap-2.5">
      <label
        className="-my-1 grid h-full w-5 shrink-0 cursor-pointer place-items-center pointer-coarse:w-8"
        onClick={(event) => event.stopPropagation()}
      >
        <input
          type="checkbox"
          checked={isChosen}
          onChange={() => onChoose(rowKey(row))}
          aria-label={`Compare ${row.model} on ${host}`}
          className="accent-accent"
        />
      </label>
      <span className="flex min-w-0 flex-col" title={`${row.model} on ${host}`}>
        <span className="truncate font-mono leading-4">{row.model}</span>
        <span className="truncate text-2xs leading-3.5 text-fg3">{host}</span>
      </span>
    </span>
  );
}

const scoreColumn = ({ name, category, isOneOfSeveral }: BoardSuite): Column<LeaderboardRow> => ({
  id: `suite-${name}`,
  name: isOneOfSeveral ? `${category}: ${name}` : category,
  hint: `Share of the items of ${name} that one try passes, with its 95 % interval and its place; places are shared where intervals overlap`,
  minPx: 132,
  largestFirst: true,
  sortBy: (row) => entryOf(row, name)?.score.pass1.mean ?? null,
  render: (row) => <Score entry={entryOf(row, name)} row={row} />,
});

function Score({ entry, row }: { entry: LeaderboardEntry | null; row: LeaderboardRow }) {
  if (!entry) return <Nothing />;
  const { score, rank, isStale, runId, category } = entry;
  const label = `${row.model}, ${category}`;
  return (
    <span
      className={`flex h-full min-w-0 items-center gap-2 ${isStale ? 'opacity-60' : ''}`}
      title={`${share(score.pass1.mean)} (${between(score.pass1)}) of ${score.items} items, place ${rankWords(rank)}${isStale ? `. ${STALE}` : ''}`}
    >
      <WithinLink
        href={runHref(runId)}
        aria-label={`${label}: ${share(score.pass1.mean)}, open its samples`}
        onClickCapture={(event) => event.stopPropagation()}
        className="inst w-10 shrink-0 text-right text-sm hover:text-accent"
      >
        {Math.round(100 * score.pass1.mean)}
        <span className="unit">%</span>
      </WithinLink>
      <ScoreBar estimate={score.pass1} label={label} className="w-8 grow" />
      <span className="num w-10 shrink-0 text-2xs text-fg3">
        {isStale ? (
          <span className="text-busy">
            stale<span className="sr-only">. {STALE}</span>
          </span>
        ) : (
          <>#{rankWords(rank).replace(' to ', '–')}</>
        )}
      </span>
    </span>
  );
}

function Speed({ entry }: { entry: LeaderboardEntry | null }) {
  const tps = entry?.speed.genTps;
  if (tps == null) return <Nothing />;
  const { concurrency } = entry?.speed ?? { concurrency: 1 };
  return (
    <span title={concurrency === 1 ? 'one request at a time' : `${concurrency} requests at once`}>
      <span className="inst">{rate(tps)}</span>
      <span className="unit">{concurrency === 1 ? 'alone' : `× ${concurrency}`}</span>
    </span>
  );
}

/** Normal is dim: only a host that is away has a colour. */
function Now({ healthy, loaded }: { healthy: boolean; loaded: boolean }) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 whitespace-nowrap ${healthy ? (loaded ? 'text-fg2' : 'text-fg3') : 'text-busy'}`}
    >
      <Mark tone={healthy ? (loaded ? 'ready' : 'down') : 'busy'} />
      {healthy ? (loaded ? 'loaded' : 'not loaded') : 'host away'}
    </span>
  );
}
