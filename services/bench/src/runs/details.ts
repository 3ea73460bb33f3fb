import { calls, type BenchCell, type BenchRunDetail, type Cell } from '@boocontrol/contracts';
import { rates, saturations } from '@boocontrol/measure';
import { MAX_REPLY_BYTES, refuse } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { cellsOfRun } from './cells.repository.js';
import { jobs } from './jobs.js';
import { Verdicts } from './verdicts.js';

export const NO_SUCH_RUN = 'There is no such run. It may have been removed, or too old to be kept.';

/** Runs with all that is known of them. */
@Injectable()
export class Details {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Verdicts) private readonly verdicts: Verdicts,
  ) {}

  /** @param against a run to hold it against; absent: its baseline @throws {CallError} `unknown_run` */
  async of(id: string, against?: string): Promise<BenchRunDetail> {
    const row = await jobs.find(this.db, id);
    const other = against === undefined ? null : await jobs.find(this.db, against);
    if (row === null || (against !== undefined && other === null))
      throw refuse(calls.benchRun, 'unknown_run', NO_SUCH_RUN);
    const { run, suite, fingerprint, calibration } = row;
    const cells = await cellsOfRun(this.db, id);
    const measured = cells.filter(isMeasured).map(asMeasured);
    return fitting({
      run,
      suite,
      fingerprint,
      calibration,
      cells,
      saturation: saturations(measured),
      rates: rates(suite, measured),
      comparison: await this.verdicts.of(id, against),
    });
  }
}

const isMeasured = ({ state }: BenchCell): boolean => state === 'measured' || state === 'partial';

function asMeasured({ name, spec, state, reason, warmups, requests, figures, pollution }: BenchCell): Cell {
  return {
    name,
    spec,
    state: state === 'measured' ? state : 'partial',
    reason,
    warmups,
    requests,
    figures,
    pollution,
  };
}

/** What a reply can do without, so that a run of very many cells is shown shorter instead of not at all. */
const SHORTER: readonly ((detail: BenchRunDetail) => BenchRunDetail)[] = [
  (detail) => ({ ...detail, cells: detail.cells.map(withoutReplay) }),
  (detail) => ({ ...detail, cells: detail.cells.map(withoutRepetitions) }),
  (detail) => ({
    ...detail,
    comparison: {
      ...detail.comparison,
      judged: detail.comparison.judged.filter(
        ({ verdict }) => verdict === 'regressed' || verdict === 'improved',
      ),
    },
  }),
  (detail) => ({
    ...detail,
    cells: detail.cells.map((cell) => ({ ...cell, contamination: cell.contamination.slice(0, 3) })),
  }),
  (detail) => ({ ...detail, cells: detail.cells.map((cell) => ({ ...cell, figures: {} })) }),
  (detail) => ({ ...detail, cells: detail.cells.slice(0, 500) }),
];

/** Shortened step by step until it fits into one message of the bus. */
export function fitting(detail: BenchRunDetail, maxBytes = MAX_REPLY_BYTES): BenchRunDetail {
  let fit = detail;
  for (const shorter of SHORTER) {
    if (Buffer.byteLength(JSON.stringify(fit)) <= maxBytes) return fit;
    fit = shorter(fit);
  }
  return fit;
}

function withoutReplay(cell: BenchCell): BenchCell {
  const { load } = cell.spec;
  if (load.kind !== 'replay') return cell;
  return { ...cell, spec: { ...cell.spec, load: { ...load, requests: load.requests.slice(0, 1) } } };
}

function withoutRepetitions(cell: BenchCell): BenchCell {
  const figures = Object.entries(cell.figures).map(
    ([key, summary]) => [key, { ...summary, repetitions: [] }] as const,
  );
  return { ...cell, figures: Object.fromEntries(figures) };
}
