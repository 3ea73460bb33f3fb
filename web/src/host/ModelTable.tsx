'use client';
import type { ModelFigures } from '@boocontrol/contracts';
import { withQuery } from '../api/client';
import { allPages, type Rows } from '../api/pages';
import { refresh, useResource } from '../api/resource';
import { useKept } from '../api/use-kept';
import { rangeSpan, rangeStepMs, rangeText, type TimeRange } from '../browser/range';
import { compact, count, duration, NONE, percent, rate, spoken } from '../format/number';
import { useFleetTick, useMarks } from '../live';
import { isFavorite } from '../live/marks';
import { Awaiting, Button } from '../ui/controls';
import { StarIcon } from '../ui/icons';
import { favoritesFirst, hitRate, type Figures } from './figures';

const figuresOf = (path: string): Promise<Rows<Figures>> =>
  allPages(path, ({ models }: ModelFigures) => models);

/** They change with each request; more often than this nobody reads them. */
const EVERY_MS = 30_000;

/** What each model of a host did over the range; hidden ones, too, because it is history. */
export function ModelTable({ providerId, range }: { providerId: string; range: TimeRange }) {
  const marks = useMarks();
  const starred = ({ model }: Figures): boolean => isFavorite(marks, providerId, model);
  const stepMs = Math.max(EVERY_MS, rangeStepMs(range) ?? 0);
  // Without a connection the moment stands still, and nothing is asked.
  const nowMs = useFleetTick((ms) => Math.ceil(ms / stepMs) * stepMs);
  const { fromMs } = rangeSpan(range, nowMs);
  const path = withQuery('/model-figures', {
    providerId,
    from: fromMs === null ? undefined : new Date(fromMs).toISOString(),
    to: range.kind === 'between' ? new Date(range.toMs).toISOString() : undefined,
  });
  const { data, error } = useKept(
    useResource<Rows<Figures>>(nowMs > 0 ? path : null, undefined, figuresOf),
    `${providerId} ${rangeText(range)}`,
  );
  if (error && !data) {
    return (
      <p role="alert" className="flex flex-wrap items-center gap-3 py-3 text-sm text-fg2">
        Couldn't load the figures. {error.message}
        <Button onClick={() => refresh(path)}>Try again</Button>
      </p>
    );
  }
  if (!data) return <Awaiting>Adding up the requests: {rangeText(range)}.</Awaiting>;
  if (data.rows.length === 0)
    return <p className="py-3 text-sm text-fg2">No requests and no loads: {rangeText(range)}.</p>;
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Figures of each model">
      <table className="w-full text-sm whitespace-nowrap">
        <thead>
          <tr className="border-b text-2xs text-fg3">
            {COLUMNS.map(({ name, hint }, i) => (
              <th
                key={name}
                scope="col"
                title={hint}
                className={`px-2 py-1.5 font-medium first:pl-0 last:pr-0 ${i === 0 ? 'text-left' : 'text-right'}`}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {favoritesFirst(data.rows, starred).map((row) => (
            <Row key={row.model} row={row} starred={starred(row)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const COLUMNS: readonly { name: string; hint?: string }[] = [
  { name: 'Model' },
  { name: 'Requests' },
  { name: 'Failed' },
  { name: 'Prompt' },
  { name: 'Generated' },
  { name: 'Cache', hint: 'Share of the prompt tokens that came from the cache' },
  { name: 'tok/s, median', hint: 'Generation speed, median over requests' },
  { name: 'p95', hint: '5 % of the requests were generated faster' },
  { name: 'Loads' },
  { name: 'Load time', hint: 'Median from the start of a load to ready' },
  { name: 'Failed loads' },
];

function Row({ row, starred }: { row: Figures; starred: boolean }) {
  const hits = hitRate(row);
  const cells: [text: string, tone?: string, hint?: string][] = [
    [count(row.requests)],
    [count(row.errors), row.errors > 0 ? 'text-error' : 'text-fg3'],
    [
      compact(row.promptTokens),
      '',
      `${count(row.promptTokens)} tokens, ${count(row.cacheTokens)} from cache`,
    ],
    [compact(row.outputTokens), '', `${count(row.outputTokens)} tokens`],
    [hits === null ? NONE : `${percent(100 * hits)} %`],
    [rate(row.genTpsP50)],
    [rate(row.genTpsP95), 'text-fg2'],
    [count(row.loads)],
    [spoken(duration(row.loadMsP50))],
    [count(row.failedLoads), row.failedLoads > 0 ? 'text-error' : 'text-fg3'],
  ];
  return (
    <tr className="border-b border-line/60" data-model={row.model}>
      <th
        scope="row"
        className="max-w-40 truncate @2xl:max-w-72 py-1.5 pr-2 text-left font-mono font-normal"
        title={row.model}
      >
        {starred && (
          <>
            <StarIcon className="mr-1.5 inline size-3 -translate-y-px text-busy" fill="currentColor" />
            <span className="sr-only">starred: </span>
          </>
        )}
        {row.model}
      </th>
      {cells.map(([text, tone = '', hint], i) => (
        <td
          key={COLUMNS[i + 1]?.name}
          title={hint}
          className={`num px-2 py-1.5 text-right last:pr-0 ${text === NONE ? 'text-fg3' : tone}`}
        >
          {text}
        </td>
      ))}
    </tr>
  );
}
