'use client';
import { definitionOf, type BenchCell, type Comparison, type FigureKey } from '@boocontrol/contracts';
import { NONE } from '../format/number';
import { Mark } from '../ui/marks';
import { toneText } from '../ui/tone';
import { interval, say } from './figures';
import { gridOf } from './grid';
import { cellWords, CELL_STATE, changeWords, VERDICT } from './words';

interface CellGridProps {
  cells: readonly BenchCell[];
  figure: FigureKey;
  judged: Comparison['judged'];
  onOpen: (index: number) => void;
}

/** Rows of what is sent, columns of how much at a time; in each cell one figure, and what speaks against it. */
export function CellGrid({ cells, figure, judged, onOpen }: CellGridProps) {
  const { rows, columns } = gridOf(cells);
  const { label, unit } = definitionOf(figure);
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Cells">
      <table
        className="w-full border-separate border-spacing-1 text-sm"
        style={{ maxWidth: `${12 + 18 * columns.length}rem` }}
        data-testid="grid"
      >
        <caption className="sr-only">
          {label}, {unit}: medians of each cell
        </caption>
        <thead>
          <tr>
            <td />
            {columns.map(({ key, words }) => (
              <th key={key} scope="col" className="px-2 pb-1 text-left text-xs font-normal text-fg3">
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row" className="w-px pr-3 text-left text-xs font-normal whitespace-nowrap text-fg2">
                {row.words}
              </th>
              {row.cells.map((cell, i) => (
                <td key={columns[i]?.key ?? i} className="h-px min-w-32 p-0 align-top">
                  {cell && (
                    <CellButton
                      cell={cell}
                      figure={figure}
                      judgement={judged.find((each) => each.cell === cell.name && each.figure === figure)}
                      onOpen={() => onOpen(cell.index)}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellButtonProps {
  cell: BenchCell;
  figure: FigureKey;
  judgement: Comparison['judged'][number] | undefined;
  onOpen: () => void;
}

function CellButton({ cell, figure, judgement, onOpen }: CellButtonProps) {
  const { state, figures, contamination, pollution, spec } = cell;
  const summary = figures[figure];
  const between = summary && interval(figure, summary);
  const verdict = judgement && judgement.verdict !== 'same' && judgement.verdict !== 'no_baseline';
  const isRunning = state === 'running';
  return (
    <button
      type="button"
      onClick={onOpen}
      data-cell={cell.name}
      data-state={state}
      className={`flex h-full min-h-16 w-full flex-col items-start gap-0.5 rounded-md border px-2.5 py-1.5 text-left hover:bg-s2 ${isRunning ? 'border-own bg-own/10' : contamination.length + pollution.length > 0 ? 'border-busy/60 bg-s1' : 'bg-s1'} ${state === 'waiting' ? 'border-dashed' : ''}`}
    >
      <span className="sr-only">{cellWords(spec)}: </span>
      {summary ? (
        <>
          <span className="num text-base font-medium">{say(figure, summary.median)}</span>
          <span className="num text-2xs text-fg3">{between ?? 'one value'}</span>
        </>
      ) : (
        <span className="text-fg3">{state === 'measured' || state === 'partial' ? NONE : ''}</span>
      )}
      {state !== 'measured' && (
        <Said tone={isRunning ? 'own' : state === 'partial' ? 'busy' : 'neutral'}>{CELL_STATE[state]}</Said>
      )}
      {contamination.length > 0 && <Said tone="busy">contaminated</Said>}
      {pollution.length > 0 && <Said tone="busy">polluted</Said>}
      {verdict && (
        <Said tone={VERDICT[judgement.verdict].tone}>
          {VERDICT[judgement.verdict].word}
          {judgement.verdict !== 'inconclusive' && ` ${changeWords(judgement.ratio) ?? ''}`}
        </Said>
      )}
    </button>
  );
}

function Said({ tone, children }: { tone: keyof typeof toneText; children: React.ReactNode }) {
  return (
    <span className={`inline-flex items-center gap-1 text-2xs whitespace-nowrap ${toneText[tone]}`}>
      <Mark tone={tone} pulses={false} />
      {children}
    </span>
  );
}
