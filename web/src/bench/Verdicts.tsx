'use client';
import { definitionOf, type BenchCell, type BenchRunDetail, type Comparison } from '@boocontrol/contracts';
import { NONE } from '../format/number';
import { Ago } from '../live/Ago';
import { WithinLink } from '../page/WithinLink';
import { Mark } from '../ui/marks';
import { toneText } from '../ui/tone';
import { runHref } from './address';
import { cellWords, changeWords, VERDICT } from './words';
import { ordered, summaryWords } from './verdicts';

interface VerdictsProps {
  comparison: BenchRunDetail['comparison'];
  cells: readonly BenchCell[];
  /** It is held against a run that was picked here. */
  isPicked: boolean;
  /** Later runs are held against it. */
  isBaseline: boolean;
}

/** The run held against its baseline, cell by cell, and what else is not the same as then. */
export function Verdicts({ comparison, cells, isPicked, isBaseline }: VerdictsProps) {
  const { baseline, changed, judged, chosen } = comparison;
  if (!baseline && isBaseline)
    return <p className="text-sm text-fg2">This is the baseline: later runs are held against it.</p>;
  if (!baseline)
    return (
      <p className="text-sm text-fg2">
        There is nothing to hold it against yet: no baseline was set, and no clean run of the same host, model
        and setup came before. Set this one as the baseline, or compare with another run.
      </p>
    );
  const summary = summaryWords(comparison);
  const apart = ordered(judged).filter(({ verdict }) => verdict !== 'same');
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p>
        {summary ?? 'Nothing could be held against it'},{' '}
        {isPicked
          ? 'held against the run'
          : chosen
            ? 'held against the baseline'
            : 'held against the last clean run'}{' '}
        <WithinLink
          href={runHref(baseline.runId)}
          className="text-accent underline underline-offset-2 pointer-coarse:py-3"
        >
          of <Ago atMs={Date.parse(baseline.startedAt)} />
        </WithinLink>
        .
      </p>
      {changed.length > 0 && (
        <p className="flex items-start gap-2 text-busy">
          <span className="mt-1.5">
            <Mark tone="busy" />
          </span>
          <span className="min-w-0 [overflow-wrap:anywhere]">Not the same as then: {changed.join('; ')}</span>
        </p>
      )}
      {apart.length > 0 && <VerdictTable judged={apart} cells={cells} />}
      {apart.length < judged.length && (
        <details>
          <summary className="text-fg3 hover:text-fg pointer-coarse:py-3">
            {judged.length - apart.length} that are the same
          </summary>
          <VerdictTable judged={judged.filter(({ verdict }) => verdict === 'same')} cells={cells} />
        </details>
      )}
    </div>
  );
}

function VerdictTable({ judged, cells }: { judged: Comparison['judged']; cells: readonly BenchCell[] }) {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Verdicts">
      <table className="w-full text-sm">
        <thead>
          <tr className="text-left text-xs text-fg3">
            {['Cell', 'Figure', 'Verdict', 'Change', 'Interval', ''].map((name, i) => (
              <th key={name || i} scope="col" className="pr-4 font-normal">
                {name || <span className="sr-only">Why</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {judged.map(({ cell, figure, verdict, ratio, low, high, reason }) => {
            const spec = cells.find(({ name }) => name === cell)?.spec;
            const { tone, word } = VERDICT[verdict];
            return (
              <tr key={`${cell} ${figure}`} className="border-t">
                <td className="py-1 pr-4 whitespace-nowrap text-fg2">{spec ? cellWords(spec) : cell}</td>
                <td className="py-1 pr-4 whitespace-nowrap">{definitionOf(figure).label}</td>
                <td className={`py-1 pr-4 ${toneText[tone]}`}>
                  <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
                    <Mark tone={tone} />
                    {word}
                  </span>
                </td>
                <td className="num py-1 pr-4 whitespace-nowrap">{changeWords(ratio) ?? NONE}</td>
                <td className="num py-1 pr-4 whitespace-nowrap text-fg2">
                  {low === null || high === null ? NONE : `${changeWords(low)} to ${changeWords(high)}`}
                </td>
                <td className="py-1 text-xs text-fg3">{reason}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
