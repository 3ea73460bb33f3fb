import type {
  BenchRun,
  BenchRunsPage,
  BenchRunsQuerySchema,
  BenchSamplesQuerySchema,
  Sample,
} from '@boocontrol/contracts';
import { CursorInstant, cursorCodec, fitPage, MAX_REPLY_BYTES, pageOf } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { RUN } from './run-row.js';

/** ended, id: the order of ended runs. */
const endedCursor = cursorCodec('b', z.tuple([CursorInstant, z.uuid()]));
/** cell, n: the order of samples. */
const sampleCursor = cursorCodec('s', z.tuple([z.int().min(0), z.int().min(0)]));

const IS_MEANT = `
  ($1::text IS NULL OR provider_id = $1) AND ($2::text IS NULL OR model = $2)
  AND ($3::text IS NULL OR suite_name = $3) AND ($4::text IS NULL OR state = $4)`;

/** Open ones share an answer with a page of ended ones. */
const OPEN_BYTES = MAX_REPLY_BYTES / 2;

/** One page. @throws {CallError} `bad_cursor` */
export async function listRuns(
  db: DataSource,
  { providerId, model, suite, state, limit, cursor }: z.output<typeof BenchRunsQuerySchema>,
): Promise<BenchRunsPage> {
  const [endedAt, id] = cursor === undefined ? [null, null] : endedCursor.decode(cursor);
  const meant = [providerId ?? null, model ?? null, suite ?? null, state ?? null];
  const open = await db.query<{ run: BenchRun }[]>(
    `SELECT ${RUN} AS run FROM bench.runs WHERE ended_at IS NULL AND ${IS_MEANT}
     ORDER BY (state = 'queued'), queued_at, id LIMIT 1000`,
    meant,
  );
  const found = await db.query<{ run: BenchRun }[]>(
    `SELECT ${RUN} AS run FROM bench.runs WHERE ended_at IS NOT NULL AND ${IS_MEANT}
       AND ($5::timestamptz IS NULL OR (ended_at, id) < ($5::timestamptz, $6::uuid))
     ORDER BY ended_at DESC, id DESC LIMIT $7`,
    [...meant, endedAt, id, limit + 1],
  );
  const shown = fitPage(
    open.map(({ run }) => run),
    OPEN_BYTES,
  );
  const { page, nextCursor } = pageOf(
    found.map(({ run }) => run),
    limit,
    cursorOf,
  );
  const ended = fitPage(page, OPEN_BYTES);
  const last = ended.at(-1);
  const isCut = last !== undefined && ended.length < page.length;
  return { open: shown, ended, nextCursor: isCut ? cursorOf(last) : nextCursor };
}

const cursorOf = ({ endedAt, id }: BenchRun): string => endedCursor.encode([endedAt ?? '', id]);

/** One page of the requests of a run. @throws {CallError} `bad_cursor` */
export async function listSamples(
  db: DataSource,
  { id, cell, limit, cursor }: z.output<typeof BenchSamplesQuerySchema>,
): Promise<{ samples: Sample[]; nextCursor: string | null }> {
  const [afterCell, afterN] = cursor === undefined ? [null, null] : sampleCursor.decode(cursor);
  const rows = await db.query<{ cell: number; n: number; sample: Sample }[]>(
    `SELECT cell, n, sample FROM bench.samples
     WHERE run_id = $1 AND ($2::int IS NULL OR cell = $2)
       AND ($3::int IS NULL OR (cell, n) > ($3::int, $4::int))
     ORDER BY cell, n LIMIT $5`,
    [id, cell ?? null, afterCell, afterN, limit + 1],
  );
  const { page, nextCursor } = pageOf(rows, limit, (last) => sampleCursor.encode([last.cell, last.n]));
  return { samples: page.map(({ sample }) => sample), nextCursor };
}
