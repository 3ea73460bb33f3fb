import {
  EvalRunDetailSchema,
  EvalSampleSchema,
  type EvalRun,
  type EvalSample,
  type EvalSampleHead,
} from '@boocontrol/contracts';
import { csvLine } from '@boocontrol/measure';
import { z } from 'zod';
import { ApiError } from '../http/errors.js';

export const EvalRunExportSchema = z
  .object({
    kind: z.literal('boocontrol.eval').describe('What kind of file it is'),
    version: z.literal(1).describe('Of the format'),
    ...EvalRunDetailSchema.omit({ nextCursor: true }).shape,
    items: EvalRunDetailSchema.shape.items.describe('All, in the order of the suite'),
    samples: z.array(EvalSampleSchema).describe('Each whole, in the order of the suite'),
  })
  .describe('A run with everything that is kept of it')
  .meta({ id: 'EvalRunExport' });
type EvalRunExport = z.infer<typeof EvalRunExportSchema>;
/** A run as it is told, with all of its items. */
export type EvalRunAbout = Omit<EvalRunExport, 'kind' | 'version' | 'samples'>;

/** @throws {ApiError} `conflict` of a run that has not ended */
export function mustHaveEnded({ endedAt }: EvalRun): void {
  if (endedAt === null) throw new ApiError('conflict', 'The run has not ended yet. Export it when it has.');
}

/** All of the file but its samples, which are too many to be held. */
function aboutOf(detail: EvalRunAbout): Omit<EvalRunExport, 'samples'> {
  return { kind: 'boocontrol.eval', version: 1, ...detail };
}

/** One JSON object, `EvalRunExport`, some samples at a time. */
export async function* jsonText(
  detail: EvalRunAbout,
  samples: AsyncIterable<EvalSample[]>,
): AsyncGenerator<string> {
  yield `${JSON.stringify(aboutOf(detail)).slice(0, -1)},"samples":[`;
  let isFirst = true;
  for await (const some of samples) {
    const text = some.map((sample) => JSON.stringify(sample)).join(',\n');
    if (text === '') continue;
    yield isFirst ? text : `,\n${text}`;
    isFirst = false;
  }
  yield ']}\n';
}

/** The run in the first line, then each sample in one of its own. */
export async function* jsonlText(
  detail: EvalRunAbout,
  samples: AsyncIterable<EvalSample[]>,
): AsyncGenerator<string> {
  yield `${JSON.stringify(aboutOf(detail))}\n`;
  for await (const some of samples) yield some.map((sample) => `${JSON.stringify(sample)}\n`).join('');
}

const COLUMNS = [
  ...[
    'run',
    'suite',
    'version',
    'host',
    'model',
    'item',
    'sample',
    'kind',
    'outcome',
    'reason',
    'at',
    'seed',
  ],
  ...['prompt_tokens', 'output_tokens', 'ttft_ms', 'e2e_ms', 'gen_tps', 'finish_reason', 'contaminated'],
];

/** A line for each sample, without its texts. */
export async function* csvText(run: EvalRun, pages: AsyncIterable<EvalSampleHead[]>): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  const about = [run.id, run.suiteName, run.suiteHash, run.providerId, run.model];
  for await (const page of pages)
    yield page
      .map((one) =>
        csvLine([
          ...about,
          ...[one.item, one.sample, one.kind, one.outcome, one.reason?.message, one.at, one.seed],
          ...[one.promptTokens, one.outputTokens, one.ttftMs, one.e2eMs, one.genTps, one.finishReason],
          one.isContaminated ? 'yes' : 'no',
        ]),
      )
      .join('');
}

/** `eval-agent-coding-tower-3f0c6a52.json`: what any file system takes. */
export function fileName({ suiteName, providerId, id }: EvalRun, extension: string): string {
  return `eval-${suiteName}-${providerId}-${id.slice(0, 8)}.${extension}`;
}
