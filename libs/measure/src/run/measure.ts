import type { Cell, Result, Sample } from '@boocontrol/contracts';
import { NOTHING_SPENT } from './limits.js';
import { rates } from './search.js';
import { saturations } from './saturations.js';
import { openSession, type SessionOptions } from './session.js';

/**
 * Measures one model of one host by a suite. When the signal fires, the result is what was measured so far. Nothing of it
 * outlives the call: no timer, no connection.
 * @throws {MeasureError} when nothing can be measured: see its codes
 * @throws the signal's reason when that fired before the host was known
 */
export async function measure(options: SessionOptions): Promise<Result> {
  const { suite, signal } = options;
  const startedAt = new Date().toISOString();
  const session = await openSession(options);
  try {
    const cells: Cell[] = [];
    const samples: Sample[] = [];
    let spent = NOTHING_SPENT;
    for (let next = session.next([]); next !== null; next = session.next(cells, spent)) {
      const one = await session.measureCell(next.index, next.spec, { skip: next.skip, spent });
      cells.push(one.cell);
      samples.push(...one.samples);
      spent = one.spent;
    }
    const reason = session.over(spent);
    return {
      kind: 'boocontrol.bench',
      version: 1,
      runId: session.runId,
      seed: session.seed,
      startedAt,
      clockMs: session.clockMs,
      endedAt: new Date().toISOString(),
      status: reason === null ? 'complete' : signal?.aborted === true ? 'interrupted' : 'stopped',
      reason,
      suite,
      fingerprint: session.fingerprint,
      loadMs: session.loadMs,
      calibration: session.calibration,
      cells,
      saturation: saturations(cells),
      ...(suite.load.kind === 'search' && { rates: rates(suite, cells) }),
      samples,
    };
  } finally {
    await session.close();
  }
}
