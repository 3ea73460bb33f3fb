'use client';
import type { CacheRates } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { useCallback, useMemo, useState } from 'react';
import { useQuery } from '../browser/query';
import { rangeChange } from '../browser/range';
import { ChartRow } from '../charts/ChartRow';
import { createMoment, MomentContext } from '../charts/moment';
import type { Frame } from '../charts/Plot';
import type { Range } from '../charts/range';
import { TimeAxis } from '../charts/TimeAxis';
import { FALLBACK } from './address';
import { holeMs, MOST_LINES, ratesView } from './rates';

/** How much of prompts came from the cache over time, by consumer and model. */
export function RatesChart({ rates }: { rates: CacheRates }) {
  const [, setQuery] = useQuery();
  const [moment] = useState(createMoment);
  const view = useMemo(() => ratesView(rates), [rates]);
  const onZoom = useCallback(
    (picked: Range) => setQuery(rangeChange({ kind: 'between', ...picked }, FALLBACK)),
    [setQuery],
  );
  const frame = useMemo<Frame>(
    () => ({
      range: { fromMs: instantToMs(rates.from), toMs: instantToMs(rates.to) },
      bands: [],
      onZoom,
    }),
    [rates, onZoom],
  );
  const others = rates.series.length + rates.leftOut - MOST_LINES;
  if (rates.series.length === 0)
    return (
      <p className="text-sm text-fg2">
        No host told how much of a prompt came from its cache, so there is no rate. llama.cpp tells it; not
        every server does.
      </p>
    );
  return (
    <MomentContext value={moment}>
      <div className="@container -mt-4 -mx-2 @2xl:[&_.stack-row]:grid-cols-[minmax(0,1fr)_24rem]">
        <TimeAxis range={frame.range} />
        <ChartRow view={view} frame={frame} staysMs={holeMs(rates)} />
        {others > 0 && (
          <p className="pl-11 text-xs text-fg3">
            The {MOST_LINES} with the most tokens are drawn; choose a consumer or a model to see others.
          </p>
        )}
      </div>
    </MomentContext>
  );
}
