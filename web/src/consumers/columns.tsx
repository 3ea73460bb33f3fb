'use client';
import { compact, count, duration, rate } from '../format/number';
import type { Column } from '../page/columns';
import { PageLink } from '../shell/PageLink';
import type { Consumer } from './figures';

/** What "GPU time" is here, in words. */
export const TIME_MEANS =
  'How long its requests took on llama-swap hosts, added up, of the same of all consumers. Requests that run at the same time count each in full, and waiting for a slot or for a model to load counts too: hosts do not tell how long a GPU worked for whom. Services that you pay elsewhere are left out.';

/** A share as people read it: "<1%" is not nothing. */
export function shareText(share: number | null): string {
  if (share === null) return '–';
  const percent = share * 100;
  return percent > 0 && percent < 1 ? '<1%' : `${Math.round(percent)}%`;
}

function Share({ share, title }: { share: number | null; title: string }) {
  return (
    <span className="grid w-full grid-cols-[minmax(2.5rem,1fr)_2.75rem] items-center gap-2" title={title}>
      <span className="h-1.5 overflow-hidden rounded-full bg-s3">
        <span
          className="block h-full rounded-full bg-fg3"
          style={{ width: `${Math.min(100, (share ?? 0) * 100)}%` }}
        />
      </span>
      <span className="num text-right">{shareText(share)}</span>
    </span>
  );
}

const Figure = ({ children, title }: { children: string; title?: string }) => (
  <span className="num w-full truncate text-right" title={title}>
    {children}
  </span>
);

const longText = (ms: number): string => {
  const { value, unit } = duration(ms);
  return `${value} ${unit}`;
};

/** @param hrefOf its requests in the range of the page */
export function consumerColumns(hrefOf: (source: string) => string): readonly Column<Consumer>[] {
  return [
    {
      id: 'consumer',
      name: 'Consumer',
      minPx: 130,
      grow: 1.4,
      fixed: true,
      sortBy: ({ source }) => source,
      render: ({ source }) => (
        <PageLink
          href={hrefOf(source)}
          title={`Requests of ${source}`}
          className="truncate font-medium hover:text-accent hover:underline"
        >
          {source}
        </PageLink>
      ),
    },
    {
      id: 'time',
      name: 'GPU time',
      hint: TIME_MEANS,
      minPx: 130,
      grow: 1,
      sortBy: ({ timeShare }) => timeShare,
      largestFirst: true,
      render: ({ timeShare, hostMs }) => (
        <Share share={timeShare} title={`${longText(hostMs)} of requests on llama-swap hosts`} />
      ),
    },
    {
      id: 'requests',
      name: 'Requests',
      minPx: 84,
      numeric: true,
      sortBy: ({ requests }) => requests,
      largestFirst: true,
      render: ({ requests }) => <Figure>{count(requests)}</Figure>,
    },
    {
      id: 'errors',
      name: 'Failed',
      hint: 'No answer, or a status from 400; not those that the client left (499)',
      minPx: 96,
      numeric: true,
      sortBy: ({ errors }) => errors,
      largestFirst: true,
      render: ({ errors, errorShare }) => (
        <span className={`num w-full truncate text-right ${errors > 0 ? 'text-error' : 'text-fg3'}`}>
          {count(errors)}
          {errors > 0 && <span className="unit">{shareText(errorShare)}</span>}
        </span>
      ),
    },
    {
      id: 'prompt',
      name: 'Prompt tokens',
      hint: 'Whole prompts, from the cache too',
      minPx: 104,
      numeric: true,
      sortBy: ({ promptTokens }) => promptTokens,
      largestFirst: true,
      render: ({ promptTokens }) => <Figure title={count(promptTokens)}>{compact(promptTokens)}</Figure>,
    },
    {
      id: 'generated',
      name: 'Generated',
      hint: 'Generated tokens',
      minPx: 90,
      numeric: true,
      sortBy: ({ outputTokens }) => outputTokens,
      largestFirst: true,
      render: ({ outputTokens }) => <Figure title={count(outputTokens)}>{compact(outputTokens)}</Figure>,
    },
    {
      id: 'speed',
      name: 'Gen tok/s',
      hint: 'Mean over its requests that report it, weighted by generated tokens',
      minPx: 84,
      numeric: true,
      sortBy: ({ genTps }) => genTps,
      largestFirst: true,
      render: ({ genTps }) => <Figure>{rate(genTps)}</Figure>,
    },
    {
      id: 'cache',
      name: 'Cache hits',
      hint: 'The share of prompt tokens that came from the KV cache of a model server',
      minPx: 120,
      grow: 0.8,
      sortBy: ({ hitRate }) => hitRate,
      largestFirst: true,
      render: ({ hitRate, cacheTokens }) => (
        <Share share={hitRate} title={`${count(cacheTokens)} prompt tokens from the cache`} />
      ),
    },
  ];
}
