import type { Cell, CellSpec, Pollution, Sample, Suite } from '@boocontrol/contracts';
import { cellName } from '../suite/cells.js';
import { keepsLimits } from './window.js';

export interface Outcome {
  /** Why it was left out or cut short; null: it was not. */
  skipped: string | null;
  asked: number;
  warmups: number;
  samples: readonly Sample[];
  figures: Cell['figures'];
  slo: Suite['slo'];
}

/** What became of a cell. */
export function cellOf(spec: CellSpec, { skipped, asked, warmups, samples, figures, slo }: Outcome): Cell {
  const of = (status: Sample['status']): number =>
    samples.filter((sample) => sample.status === status).length;
  const found = new Map<Pollution, number>();
  for (const reason of samples.flatMap(({ pollution }) => pollution))
    found.set(reason, (found.get(reason) ?? 0) + 1);
  const isWhole = samples.length === asked && of('aborted') === 0;
  return {
    name: cellName(spec),
    spec,
    state: isWhole ? 'measured' : samples.length === 0 ? 'skipped' : 'partial',
    reason: isWhole ? null : skipped,
    warmups,
    requests: {
      asked,
      ok: of('ok'),
      errors: of('error'),
      incomplete: of('incomplete'),
      aborted: of('aborted'),
      ...(slo && { good: samples.filter((sample) => keepsLimits(sample, slo)).length }),
    },
    figures,
    pollution: [...found].map(([reason, count]) => ({ reason, samples: count })),
  };
}
