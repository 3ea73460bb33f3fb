'use client';
import { useMemo } from 'react';
import { useQuery } from '../browser/query';
import type { TimeRange } from '../browser/range';
import { Xy } from '../charts/Xy';
import { plural } from '../format/number';
import { ViewChoice } from '../page/ViewChoice';
import { Awaiting, Button } from '../ui/controls';
import { TIME_MEANS } from './columns';
import { MEASURES, measureOf, overTime } from './over-time';
import { useConsumersOverTime } from './use-consumers';

/** One figure of the consumers that have the most of it, over the range. */
export default function OverTime({ range }: { range: TimeRange }) {
  const [query, setQuery] = useQuery();
  const measure = measureOf(query.get('show'));
  const { data, error, stepMs, span, retry } = useConsumersOverTime(range, measure === 'time');
  const { fromMs, toMs } = span;
  const view = useMemo(
    () => (data ? overTime(data.rows, { measure, stepMs, fromMs, toMs }) : null),
    [data, measure, stepMs, fromMs, toMs],
  );
  return (
    <section aria-label="Consumers over time" className="flex min-w-0 flex-col gap-3">
      <div className="max-w-full overflow-x-auto">
        <div className="w-max">
          <ViewChoice
            label="Figure"
            views={MEASURES}
            value={measure}
            onChange={(name) => setQuery({ show: name === 'tokens' ? null : name }, true)}
          />
        </div>
      </div>
      {measure === 'time' && <p className="max-w-prose text-xs text-fg3">{TIME_MEANS}</p>}
      {data?.complete === false && (
        <p role="status" className="text-xs text-fg2">
          There are more consumers than can be asked for at once; choose a shorter range to see all.
        </p>
      )}
      {error && (
        <p role="alert" className="flex flex-wrap items-center gap-3 text-sm text-fg2">
          Couldn’t load the consumers over time. {error.message}
          <Button onClick={retry}>Try again</Button>
        </p>
      )}
      {!data && !error && <Awaiting>Adding up the requests over time.</Awaiting>}
      {data && view && <Xy view={view} many />}
      {view && view.undrawn > 0 && (
        <p className="text-xs text-fg3">
          Not drawn: {plural(view.undrawn, 'other consumer')}, which together have far more than any of these.
        </p>
      )}
      {data && !view && <p className="py-6 text-sm text-fg3">Nothing of this in the range.</p>}
    </section>
  );
}
