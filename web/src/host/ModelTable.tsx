'use client';
import type { ModelFigures } from '@boocontrol/contracts';
import { withQuery } from '../api/client';
import { allPages, type Rows } from '../api/pages';
import { refresh, useResource } from '../api/resource';
import { useKept } from '../api/use-kept';
import { rangePhrase, rangeSpan, rangeStepMs, rangeText, type TimeRange } from '../browser/range';
import { NONE } from '../format/number';
import { useFleetTick, useMarks } from '../live';
import { isFavorite } from '../live/marks';
import { ModelBadges } from '../models/ModelBadges';
import { nextSorting, sortRows } from '../page/columns';
import { ariaSort, SortButton } from '../page/SortButton';
import { useTableChoice } from '../page/use-table-choice';
import { Awaiting, Button } from '../ui/controls';
import { StarIcon } from '../ui/icons';
import { favoritesFirst, type Figures } from './figures';
import { FIGURES, MODEL } from './model-columns';

const figuresOf = (path: string): Promise<Rows<Figures>> =>
  allPages(path, ({ models }: ModelFigures) => models);

const COLUMNS = [MODEL, ...FIGURES];

/** They change with each request; more often than this nobody reads them. */
const EVERY_MS = 30_000;

/** What each model of a host did over the range; hidden ones, too, because it is history. Favourites and the most used come first until a head is pressed. */
export function ModelTable({ providerId, range }: { providerId: string; range: TimeRange }) {
  const marks = useMarks();
  const [choice, setChoice] = useTableChoice('model-figures');
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
  if (!data) return <Awaiting>Adding up the requests {rangePhrase(range)}.</Awaiting>;
  if (data.rows.length === 0)
    return <p className="py-3 text-sm text-fg2">No requests and no loads {rangePhrase(range)}.</p>;
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Figures of each model">
      <table className="w-full text-sm whitespace-nowrap">
        <thead>
          <tr className="border-b text-2xs text-fg3">
            {COLUMNS.map((column) => (
              <th
                key={column.id}
                scope="col"
                title={column.hint}
                aria-sort={ariaSort(column, choice.sorting)}
                className={`px-2 font-medium first:pl-0 last:pr-0 ${column.numeric ? 'text-right' : 'text-left'}`}
              >
                <SortButton
                  column={column}
                  sorting={choice.sorting}
                  onSort={() => setChoice({ ...choice, sorting: nextSorting(choice.sorting, column) })}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sortRows(favoritesFirst(data.rows, starred), COLUMNS, choice.sorting).map((row) => (
            <Row key={row.model} providerId={providerId} row={row} starred={starred(row)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  providerId: string;
  row: Figures;
  starred: boolean;
}

function Row({ providerId, row, starred }: RowProps) {
  return (
    <tr className="border-b border-line/60" data-model={row.model}>
      <th scope="row" className="max-w-40 py-1.5 pr-2 text-left font-normal @4xl:max-w-72">
        <span className="block truncate font-mono" title={row.model}>
          {starred && (
            <>
              <StarIcon className="mr-1.5 inline size-3 -translate-y-px text-busy" fill="currentColor" />
              <span className="sr-only">starred: </span>
            </>
          )}
          {row.model}
        </span>
        <ModelBadges places={[{ providerId, model: row.model }]} />
      </th>
      {FIGURES.map(({ id, render }) => {
        const shown = render(row);
        return (
          <td key={id} className={`num px-2 py-1.5 text-right last:pr-0 ${shown === NONE ? 'text-fg3' : ''}`}>
            {shown}
          </td>
        );
      })}
    </tr>
  );
}
