import { compact, count, duration, NONE, percent, rate, spoken } from '../format/number';
import type { Column } from '../page/columns';
import { hitRate, type Figures } from './figures';

/** Failures are red, none of them is dim. */
const failures = (n: number) => <span className={n > 0 ? 'text-error' : 'text-fg3'}>{count(n)}</span>;

const numeric = { minPx: 0, numeric: true, largestFirst: true } as const;

/** What is told of each model, beside its name. */
export const FIGURES: readonly Column<Figures>[] = [
  {
    ...numeric,
    id: 'requests',
    name: 'Requests',
    sortBy: ({ requests }) => requests,
    render: ({ requests }) => count(requests),
  },
  {
    ...numeric,
    id: 'failed',
    name: 'Failed',
    sortBy: ({ errors }) => errors,
    render: ({ errors }) => failures(errors),
  },
  {
    ...numeric,
    id: 'prompt',
    name: 'Prompt',
    sortBy: ({ promptTokens }) => promptTokens ?? null,
    render: ({ promptTokens, cacheTokens }) => (
      <span title={`${count(promptTokens)} tokens, ${count(cacheTokens)} from cache`}>
        {compact(promptTokens)}
      </span>
    ),
  },
  {
    ...numeric,
    id: 'generated',
    name: 'Generated',
    sortBy: ({ outputTokens }) => outputTokens,
    render: ({ outputTokens }) => (
      <span title={`${count(outputTokens)} tokens`}>{compact(outputTokens)}</span>
    ),
  },
  {
    ...numeric,
    id: 'cache',
    name: 'Cache',
    hint: 'Share of the prompt tokens that came from the cache',
    sortBy: hitRate,
    render: (row) => {
      const hits = hitRate(row);
      return hits === null ? NONE : `${percent(100 * hits)}%`;
    },
  },
  {
    ...numeric,
    id: 'median',
    name: 'tok/s, median',
    hint: 'Generation speed, median over requests',
    sortBy: ({ genTpsP50 }) => genTpsP50,
    render: ({ genTpsP50 }) => rate(genTpsP50),
  },
  {
    ...numeric,
    id: 'p95',
    name: 'tok/s, p95',
    hint: '5% of the requests were generated faster',
    sortBy: ({ genTpsP95 }) => genTpsP95,
    render: ({ genTpsP95 }) => <span className="text-fg2">{rate(genTpsP95)}</span>,
  },
  {
    ...numeric,
    id: 'loads',
    name: 'Loads',
    sortBy: ({ loads }) => loads,
    render: ({ loads }) => count(loads),
  },
  {
    ...numeric,
    id: 'load-time',
    name: 'Load time',
    hint: 'Median from the start of a load to ready',
    sortBy: ({ loadMsP50 }) => loadMsP50,
    render: ({ loadMsP50 }) => spoken(duration(loadMsP50)),
  },
  {
    ...numeric,
    id: 'failed-loads',
    name: 'Failed loads',
    sortBy: ({ failedLoads }) => failedLoads,
    render: ({ failedLoads }) => failures(failedLoads),
  },
];

export const MODEL: Column<Figures> = {
  id: 'model',
  name: 'Model',
  minPx: 0,
  sortBy: ({ model }) => model,
  render: ({ model }) => model,
};
