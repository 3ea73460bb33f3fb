'use client';
import { useLive } from '../../live';
import { shownModel } from '../../playground/choices';
import { comparedFigures, FIGURES, type Compared } from './compared';
import type { Replay } from './replays';

interface ReplayFiguresProps {
  original: Compared;
  replays: readonly Replay[];
}

/** Times, tokens and speeds, the original first. */
export function ReplayFigures({ original, replays }: ReplayFiguresProps) {
  const providers = useLive((state) => state.providers);
  const sent = replays.flatMap(({ id, model, request, account }) => {
    const figures = account?.figures ?? (request?.isSent ? request.account('left', null).figures : null);
    if (figures === null) return [];
    const { name, host } = shownModel(model, providers);
    return [{ id, title: host ? `${name} on ${host}` : name, figures: comparedFigures(figures) }];
  });
  const rows = [{ id: 'original', title: 'Original', figures: original }, ...sent];
  return (
    <div role="region" aria-label="Figures" tabIndex={0} className="overflow-x-auto">
      <table className="num w-full text-sm">
        <thead>
          <tr className="border-b text-left text-2xs text-fg3">
            <th scope="col" className="py-1 pr-4 font-medium">
              <span className="sr-only">Answer of</span>
            </th>
            {FIGURES.map(({ name, why }) => (
              <th
                key={name}
                scope="col"
                title={why}
                className="py-1 pl-4 text-right font-medium whitespace-nowrap"
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, title, figures }) => (
            <tr key={id} className="border-b">
              <th scope="row" className="max-w-56 truncate py-1.5 pr-4 text-left font-normal" title={title}>
                {title}
              </th>
              {FIGURES.map(({ name, of }) => (
                <td key={name} className="py-1.5 pl-4 text-right whitespace-nowrap">
                  {of(figures)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
