'use client';
import { definitionOf, type BenchCell, type FigureKey } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { count, NONE, plural } from '../format/number';
import { capital } from '../format/text';
import { exactClock } from '../format/time';
import { serverNow } from '../live';
import { Button } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { Mark } from '../ui/marks';
import { Definition } from './Definition';
import { interval, say } from './figures';
import { contaminationWords } from '../runs/run-words';
import { cellWords, CELL_STATE, POLLUTED } from './words';

interface CellDrawerProps {
  cell: BenchCell;
  /** null: it cannot be measured again now. */
  onRerun: (() => void) | null;
  onClose: () => void;
}

/** All that is known of one cell: every figure with its definition, what spoke against it, what became of its requests. */
export default function CellDrawer({ cell, onRerun, onClose }: CellDrawerProps) {
  const { spec, state, reason, attempt, contamination, pollution, figures, warmups, requests } = cell;
  const shown = Object.keys(figures) as FigureKey[];
  return (
    <Drawer
      title={capital(cellWords(spec))}
      aside={<span className="text-sm text-fg3">{CELL_STATE[state]}</span>}
      onClose={onClose}
    >
      <div className="flex flex-col gap-5">
        {reason !== null && <p className="text-sm text-busy">{capital(reason)}</p>}
        {contamination.length > 0 && (
          <Against title="Contaminated: something else may have touched it">
            {contamination.map((each) => (
              <li key={`${each.at} ${each.what}`}>
                {exactClock(instantToMs(each.at), serverNow())} {contaminationWords(each)}
              </li>
            ))}
          </Against>
        )}
        {pollution.length > 0 && (
          <Against title="Polluted: the figures are not what they would be by themselves">
            {pollution.map(({ reason: why, samples }) => (
              <li key={why}>
                {capital(POLLUTED[why])} ({plural(samples, 'request')})
              </li>
            ))}
          </Against>
        )}
        {onRerun && (
          <Button className="self-start" onClick={onRerun}>
            Measure this cell again
          </Button>
        )}
        <FigureTable figures={figures} shown={shown} />
        <p className="text-xs text-fg2">
          {`${count(requests.ok)} of ${plural(requests.asked, 'request')} answered whole`}
          {requests.errors > 0 && `, ${count(requests.errors)} failed`}
          {requests.incomplete > 0 && `, ${count(requests.incomplete)} ended without their end`}
          {requests.aborted > 0 && `, ${count(requests.aborted)} given up`}
          {`; ${count(warmups)} before them warmed up and are in no figure.`}
          {attempt > 1 && ` Measured for the ${attempt}. time.`} In other runs it is called{' '}
          <code className="font-mono">{cell.name}</code>.
        </p>
      </div>
    </Drawer>
  );
}

function Against({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="rounded-md border border-busy/50 bg-busy/8 px-3 py-2 text-sm">
      <h3 className="flex items-center gap-2 font-medium">
        <span className="text-busy">
          <Mark tone="busy" />
        </span>
        {title}
      </h3>
      <ul className="mt-1 list-disc pl-5 text-fg2 [overflow-wrap:anywhere]">{children}</ul>
    </section>
  );
}

function FigureTable({ figures, shown }: { figures: BenchCell['figures']; shown: readonly FigureKey[] }) {
  if (shown.length === 0) return <p className="text-sm text-fg2">Nothing of it was measured yet.</p>;
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Figures">
      <table className="w-full text-sm">
        <thead>
          <tr className="text-left text-xs text-fg3">
            <th scope="col" className="font-normal">
              Figure
            </th>
            {['median', '95 % interval', 'p95', 'p99', 'values'].map((name) => (
              <th key={name} scope="col" className="px-2 text-right font-normal whitespace-nowrap">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((figure) => {
            const summary = figures[figure];
            if (!summary) return null;
            const { label, unit } = definitionOf(figure);
            return (
              <tr key={figure} className="border-t">
                <th scope="row" className="text-left font-normal">
                  <span className="flex items-center whitespace-nowrap">
                    <Definition figure={figure} />
                    {label}
                    <span className="unit">{unit}</span>
                  </span>
                </th>
                <td className="num px-2 text-right font-medium">{say(figure, summary.median)}</td>
                <td className="num px-2 text-right whitespace-nowrap text-fg2">
                  {interval(figure, summary) ?? NONE}
                </td>
                <td className="num px-2 text-right text-fg2">{say(figure, summary.p95)}</td>
                <td className="num px-2 text-right text-fg2">{say(figure, summary.p99)}</td>
                <td className="num pl-2 text-right text-fg3">{count(summary.n)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
