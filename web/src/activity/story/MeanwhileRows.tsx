'use client';
import type { ActivityEntry, ActivityPage, ActivityRow } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { withQuery } from '../../api/client';
import { usePages } from '../../api/use-pages';
import { useQuery } from '../../browser/query';
import { duration, spoken } from '../../format/number';
import { Awaiting, Button } from '../../ui/controls';
import { Part } from '../../ui/Part';
import { toneText } from '../../ui/tone';
import { Consumer } from '../FeedCells';
import { statusOf } from '../rows';
import { Failed, othersWords } from './parts';
import { sinceBegin } from './offset';
import { hostSpan, withMargin, type Span } from './span';

const PAGE = 50;

/** Other requests that ran on the host at the same time: all by its clock. */
export function MeanwhileRows({ entry: { row }, host }: { entry: ActivityEntry; host: string }) {
  const span = hostSpan(row);
  const { beginMs, endMs } = withMargin(span);
  const path = withQuery('/activity', {
    providerId: row.providerId,
    from: instantFromMs(beginMs),
    to: instantFromMs(endMs),
    ran: 'true',
    limit: PAGE,
  });
  const pages = usePages(path, path, ({ rows }: ActivityPage) => rows);
  const others = pages.rows.filter(({ key }) => key !== row.key);
  return (
    <Part title="Other requests">
      {pages.error && <Failed error={pages.error} onRetry={pages.retry} />}
      {!pages.isKnown && !pages.error && <Awaiting>Loading what else ran.</Awaiting>}
      {pages.isKnown && !pages.error && (
        <p className="mb-2 text-sm text-fg2">
          {others.length === 0
            ? `Nothing else ran on ${host} in that time.`
            : `${othersWords(others.length, pages.cursor === null)} ran on ${host} in that time, those that ended last on top.`}
        </p>
      )}
      {others.length > 0 && (
        <ul className="divide-y rounded-lg border">
          {others.map((other) => (
            <OtherRow key={other.key} row={other} span={span} />
          ))}
        </ul>
      )}
      {pages.cursor !== null && (
        <div className="mt-2">
          <Button onClick={pages.older}>Those that ended earlier</Button>
        </div>
      )}
    </Part>
  );
}

function OtherRow({ row, span }: { row: ActivityRow; span: Span }) {
  const [, setQuery] = useQuery();
  const own = hostSpan(row);
  const { tone, text } = statusOf(row);
  const isNormal = tone === 'ready' || tone === 'neutral';
  return (
    <li>
      <button
        type="button"
        data-testid="other-request"
        onClick={() => setQuery({ open: row.key })}
        className="grid w-full grid-cols-[4.5rem_minmax(0,1fr)_auto] items-center gap-x-3 px-3 py-1.5 text-left text-xs hover:bg-s2 pointer-coarse:min-h-12"
      >
        <span className="num font-mono text-fg3" title="When it began, from the begin of this request">
          {sinceBegin(own.beginMs, span)}
        </span>
        <span className="flex min-w-0 items-baseline gap-2">
          <span className="truncate font-mono">{row.model}</span>
          <span className="max-w-32 shrink-0 truncate text-fg2">
            <Consumer source={row.source} />
          </span>
        </span>
        <span className="num flex items-baseline gap-3 whitespace-nowrap">
          <span className={isNormal ? 'text-fg3' : toneText[tone]}>{text}</span>
          <span className="w-16 text-right font-mono">{spoken(duration(row.durationMs))}</span>
        </span>
        <Lane own={own} span={span} />
      </button>
    </li>
  );
}

/** Where it lay beside this request, whose whole time is the line. */
function Lane({ own, span }: { own: Span; span: Span }) {
  const wholeMs = Math.max(1, span.endMs - span.beginMs);
  const share = (ms: number): number => Math.min(1, Math.max(0, (ms - span.beginMs) / wholeMs)) * 100;
  const [left, right] = [share(own.beginMs), share(own.endMs)];
  return (
    <span aria-hidden className="relative col-span-3 mt-1 h-1 rounded-full bg-s3">
      <span
        className="absolute inset-y-0 min-w-0.5 rounded-full bg-line-strong"
        style={{ left: `${Math.min(left, 99.5)}%`, width: `${right - left}%` }}
      />
    </span>
  );
}
