import { Readable } from 'node:stream';
import { calls, EvalIdSchema, type EvalSample, type EvalSampleHead } from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ParamOf, QueryOf, Route } from '../http/route.js';
import { askService } from '../rpc/ask-service.js';
import { everyPage } from '../rpc/every-page.js';
import { ERRORS, QUESTION, TAG } from './evals-service.js';
import {
  csvText,
  EvalRunExportSchema,
  type EvalRunAbout,
  fileName,
  jsonlText,
  jsonText,
  mustHaveEnded,
} from './run-export.js';

const SAMPLES_OF_A_PAGE = 500;
/** Samples that are asked for at the same time. */
const AT_ONCE = 8;
const FormatSchema = z.strictObject({
  format: z
    .enum(['json', 'jsonl', 'csv'])
    .default('json')
    .describe(
      'json: everything, every sample whole; jsonl: the same, the run in the first line and each sample in one of its own; csv: a line for each sample without its texts',
    ),
});
const TYPES = {
  json: 'application/json; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};

/** A run as a file. */
@Controller('api/evals/runs')
export class EvalExportController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'get',
    path: ':id/export',
    tag: TAG,
    summary: 'A run that has ended, as a file',
    description: 'Such a file that breaks off is cut, and no JSON.',
    status: 200,
    response: EvalRunExportSchema,
    alsoAs: ['application/jsonl', 'text/csv'],
    responseDescription: 'The file, for download',
    errors: ['conflict', ...ERRORS],
    passesOn: [calls.evalRun],
  })
  async export(
    @ParamOf('id', EvalIdSchema.shape.id) id: string,
    @QueryOf(FormatSchema) { format }: z.output<typeof FormatSchema>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const detail = await this.detailOf(id);
    mustHaveEnded(detail.run);
    const text = {
      json: () => jsonText(detail, this.samplesOf(id)),
      jsonl: () => jsonlText(detail, this.samplesOf(id)),
      csv: () => csvText(detail.run, this.headsOf(id)),
    }[format];
    await reply
      .header('content-disposition', `attachment; filename="${fileName(detail.run, format)}"`)
      .type(TYPES[format])
      .send(Readable.from(text()));
  }

  /** With every item. */
  private async detailOf(id: string): Promise<EvalRunAbout> {
    const pages = everyPage((cursor) => askService(this.client, calls.evalRun, { id, cursor }, QUESTION));
    let whole: EvalRunAbout | undefined;
    for await (const { nextCursor: _, ...page } of pages)
      whole = whole === undefined ? page : { ...page, items: [...whole.items, ...page.items] };
    if (whole === undefined) throw new Error('a list of pages has none');
    return whole;
  }

  private async *headsOf(id: string): AsyncGenerator<EvalSampleHead[]> {
    const pages = everyPage((cursor) =>
      askService(this.client, calls.evalSamples, { id, limit: SAMPLES_OF_A_PAGE, cursor }, QUESTION),
    );
    for await (const { samples } of pages) yield samples;
  }

  /** A few at a time, so that a run of any size is never held. */
  private async *samplesOf(id: string): AsyncGenerator<EvalSample[]> {
    for await (const heads of this.headsOf(id))
      for (let from = 0; from < heads.length; from += AT_ONCE)
        yield await Promise.all(
          heads
            .slice(from, from + AT_ONCE)
            .map(({ item, sample }) =>
              askService(this.client, calls.evalSample, { id, item, sample }, QUESTION),
            ),
        );
  }
}
