'use client';
import type { EvalComparison } from '@boocontrol/contracts';
import { refresh, useResource } from '../api/resource';
import { hostName } from '../control/names';
import { plural } from '../format/number';
import { WithinLink } from '../page/WithinLink';
import { Awaiting, Button } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { Mark } from '../ui/marks';
import { readPair, runHref, sampleKey } from './address';
import { comparePath } from './calls';
import { ScoreBar } from './ScoreBar';
import { between, points, pWords } from './words';

/** Two runs of the same version of a suite, item by item: which is better, and whether that can be told at all. */
export default function CompareDrawer({ pair, onClose }: { pair: string; onClose: () => void }) {
  const read = readPair(pair);
  const path = read && comparePath(read.a, read.b);
  const { data, error } = useResource<EvalComparison>(path);
  return (
    <Drawer title="Two models, item by item" isText onClose={onClose}>
      {!path && <p className="text-sm">The address names no two runs.</p>}
      {path && !data && !error && <Awaiting>Comparing them.</Awaiting>}
      {path && error && (
        <p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
          They were not compared. {error.message}
          <Button onClick={() => refresh(path)}>Try again</Button>
        </p>
      )}
      {data && <Compared of={data} />}
    </Drawer>
  );
}

function Compared({ of }: { of: EvalComparison }) {
  const { a, b, items, difference, p, pCorrected, method, verdict, onlyA, onlyB } = of;
  const better = verdict === 'a_better' ? a : verdict === 'b_better' ? b : null;
  return (
    <div className="flex flex-col gap-5 text-sm">
      <p className="flex gap-2.5 rounded-md border bg-s2 px-4 py-3 text-base" data-testid="verdict">
        <span className="mt-1.5">
          <Mark tone={better ? 'ready' : 'neutral'} />
        </span>
        <span className="min-w-0 [overflow-wrap:anywhere]">
          {better ? (
            <>
              <strong className="font-semibold">{better.model}</strong> on {hostName(better.providerId)} is
              better.
            </>
          ) : (
            <>
              They cannot be told apart by these {plural(items, 'item')}. Either may be the better one; more
              items or tries could tell.
            </>
          )}
        </span>
      </p>
      <div className="flex flex-col gap-3">
        {[a, b].map((side) => (
          <div key={side.runId} className="flex min-w-0 flex-col gap-1">
            <WithinLink
              href={runHref(side.runId)}
              className="[overflow-wrap:anywhere] hover:text-accent pointer-coarse:py-2"
            >
              <code className="font-mono text-xs">{side.model}</code> on {hostName(side.providerId)}
            </WithinLink>
            <div className="flex items-center gap-3">
              <span className="inst w-16 shrink-0 text-right text-lg">
                {Math.round(100 * side.pass1.mean)}
                <span className="unit">%</span>
              </span>
              <ScoreBar estimate={side.pass1} label={side.model} className="max-w-md grow" />
              <span className="num w-24 shrink-0 text-xs text-fg3">{between(side.pass1)}</span>
            </div>
          </div>
        ))}
      </div>
      {difference && (
        <section aria-label="Difference" className="flex flex-col gap-2">
          <p>
            Of the {plural(items, 'item')} that both were asked, the first passes{' '}
            <strong className="inst text-base font-medium">
              {Math.abs(Math.round(100 * difference.mean))}
            </strong>{' '}
            points {difference.mean < 0 ? 'fewer' : 'more'} (95 %: {points(difference.low)} to{' '}
            {points(difference.high)}).
          </p>
          <Difference {...difference} />
          {p !== null && pCorrected !== null && (
            <p className="text-xs text-fg2">
              If both were equally good, chance alone would give such a difference with{' '}
              <span className="num">{pWords(p)}</span>; corrected for all pairs of this suite (Holm){' '}
              <span className="num">{pWords(pCorrected)}</span>. Below 0.05 we call one better.{' '}
              {method === 'mcnemar'
                ? 'Item by item, one try each, by McNemar’s exact test.'
                : 'Item by item, by paired bootstrap over families of items.'}
            </p>
          )}
        </section>
      )}
      <div className="grid gap-5 sm:grid-cols-2">
        <Only title="Only the first does better" run={a.runId} items={onlyA} />
        <Only title="Only the second does better" run={b.runId} items={onlyB} />
      </div>
    </div>
  );
}

/** The difference on a line of 50 or 100 points to each side, zero in its middle. */
function Difference({ mean, low, high }: { mean: number; low: number; high: number }) {
  const side = Math.max(Math.abs(low), Math.abs(high)) > 0.5 ? 1 : 0.5;
  const at = (value: number): number => 50 + (50 * value) / side;
  return (
    <div
      role="img"
      aria-label={`Difference: ${points(mean)} points, ${points(low)} to ${points(high)}`}
      className="relative h-6"
    >
      <i className="absolute inset-x-0 top-2.5 h-px bg-line-strong" />
      <i className="absolute inset-y-0 left-1/2 border-l border-dashed border-fg3" />
      <i
        className="absolute top-2 h-1.5 rounded-full bg-accent/50"
        style={{ left: `${at(low)}%`, width: `${at(high) - at(low)}%` }}
      />
      <i className="absolute top-1 h-3.5 w-0.5 bg-accent" style={{ left: `${at(mean)}%` }} />
    </div>
  );
}

function Only({ title, run, items }: { title: string; run: string; items: readonly string[] }) {
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="mb-1 font-medium">
        {title} <span className="num font-normal text-fg3">{items.length}</span>
      </h3>
      {items.length === 0 && <p className="text-xs text-fg2">No item.</p>}
      <ul className="flex flex-wrap gap-x-3 gap-y-1">
        {items.map((item) => (
          <li key={item}>
            <WithinLink
              href={`${runHref(run)}&sample=${encodeURIComponent(sampleKey(item, 0))}`}
              className="font-mono text-xs text-accent hover:underline pointer-coarse:leading-8"
            >
              {item}
            </WithinLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
