'use client';
import type { Leaderboard, LeaderboardRow } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { Xy } from '../charts/Xy';
import { hostName } from '../control/names';
import { rate } from '../format/number';
import { WithinLink } from '../page/WithinLink';
import { runHref } from './address';
import { placed, scatterView } from './board';
import { between, share } from './words';

interface ScatterProps {
  rows: readonly LeaderboardRow[];
  suite: string;
  pareto: Leaderboard['pareto'];
}

const nameOf = ({ model, providerId }: LeaderboardRow): string => `${model} on ${hostName(providerId)}`;

/** Which models are worth their time: how good over how fast, with the front that no other is beyond. */
export default function Scatter({ rows, suite, pareto }: ScatterProps) {
  const points = useMemo(() => placed(rows, suite, pareto), [rows, suite, pareto]);
  const view = useMemo(() => scatterView(points, nameOf), [points]);
  if (!view) return <p className="text-sm text-fg2">Of none of these a speed is known.</p>;
  if (points.length === 1)
    return (
      <p className="text-sm text-fg2">
        With the score of a second model, both stand here in a chart: how good over how fast.
      </p>
    );
  return (
    <div className="flex flex-col gap-1">
      <Xy view={view} many tall />
      <details className="text-xs">
        <summary className="text-fg3 hover:text-fg pointer-coarse:py-3">As a table</summary>
        <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Speed and quality, as a table">
          <table className="num my-1 w-full max-w-3xl">
            <thead>
              <tr className="text-left text-fg3">
                {['Model', 'Tokens/s', 'Passed', 'Interval', 'On the front'].map((name, i) => (
                  <th
                    key={name}
                    scope="col"
                    className={`font-normal ${i > 0 && i < 4 ? 'px-2 text-right' : 'pr-3'}`}
                  >
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points.toReversed().map(({ row, entry, genTps, isFront }) => (
                <tr key={entry.runId} className="border-t">
                  <th scope="row" className="py-0.5 pr-3 text-left font-normal">
                    <WithinLink href={runHref(entry.runId)} className="hover:text-accent">
                      {nameOf(row)}
                    </WithinLink>
                  </th>
                  <td className="px-2 text-right">{rate(genTps)}</td>
                  <td className="px-2 text-right">{share(entry.score.pass1.mean)}</td>
                  <td className="px-2 text-right whitespace-nowrap text-fg2">{between(entry.score.pass1)}</td>
                  <td>{isFront ? 'yes' : ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </div>
  );
}
