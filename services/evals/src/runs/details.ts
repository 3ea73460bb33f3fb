import {
  calls,
  type Contamination,
  type EvalItemResult,
  type EvalRunDetail,
  type EvalSuite,
} from '@boocontrol/contracts';
import { cursorCodec, fitPage, MAX_REPLY_BYTES, refuse } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Suites } from '../suites/suites.js';
import { jobs } from './jobs.js';
import { sampleStates, type SampleState } from './sample-lists.repository.js';

export const NO_SUCH_RUN = 'There is no such run. It may have been removed.';

const CONTAMINATIONS = 200;
/** Of an answer that also has what the host was busy with. */
const ITEMS_BYTES = MAX_REPLY_BYTES / 2;

/** Place in the suite: the order of items. */
const itemCursor = cursorCodec('i', z.tuple([z.int().min(0)]));

/** One run with what became of every item. */
@Injectable()
export class Details {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Suites) private readonly suites: Suites,
  ) {}

  /** @throws {CallError} `unknown_run`, `bad_cursor` */
  async of({ id, cursor }: z.output<typeof calls.evalRun.request>): Promise<EvalRunDetail> {
    const [from] = cursor === undefined ? [0] : itemCursor.decode(cursor);
    const row = await jobs.find(this.db, id);
    if (row === null) throw refuse(calls.evalRun, 'unknown_run', NO_SUCH_RUN);
    const { run, fingerprint } = row;
    const found = await this.suites.find(run.suiteName, run.suiteHash);
    const samples = await sampleStates(this.db, id);
    const items = itemsOf(samples, found?.suite ?? null, found?.retired ?? new Set()).slice(from);
    const page = fitPage(items, ITEMS_BYTES);
    return {
      run,
      fingerprint,
      contamination: together(samples).slice(0, CONTAMINATIONS),
      items: page,
      nextCursor: page.length < items.length ? itemCursor.encode([from + page.length]) : null,
    };
  }
}

function itemsOf(
  samples: readonly SampleState[],
  suite: EvalSuite | null,
  retired: ReadonlySet<string>,
): EvalItemResult[] {
  const known = new Map((suite?.items ?? []).map((item) => [item.id, item]));
  const results = new Map<string, EvalItemResult>();
  for (const { item, kind, sample, state, outcome, contamination } of samples) {
    const { family = null, difficulty = null } = known.get(item) ?? {};
    const result = results.get(item) ?? {
      ...{ item, kind, family, difficulty, retired: retired.has(item), samples: [] },
    };
    result.samples.push({ sample, state, outcome, isContaminated: contamination.length > 0 });
    results.set(item, result);
  }
  return [...results.values()];
}

/** Each thing once, in the order in which they happened: samples side by side are touched by the same. */
function together(samples: readonly SampleState[]): Contamination[] {
  const each = new Map(
    samples.flatMap(({ contamination }) =>
      contamination.map((one): [string, Contamination] => [`${one.kind} ${one.at} ${one.what}`, one]),
    ),
  );
  return [...each.values()].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
