import { Readable } from 'node:stream';
import { BenchIdSchema, calls, ResultSchema } from '@boocontrol/contracts';
import { csvOf, markdownOf } from '@boocontrol/measure';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ParamOf, QueryOf, Route } from '../http/route.js';
import { askService } from '../rpc/ask-service.js';
import { ERRORS, QUESTION, TAG } from './bench-service.js';
import { everyPage } from '../rpc/every-page.js';
import { fileName, jsonText, resultOf } from './export.js';

const SAMPLES_OF_A_PAGE = 500;
const FormatSchema = z.strictObject({
  format: z
    .enum(['json', 'csv', 'md'])
    .default('json')
    .describe(
      'json: everything, every request included; csv: a line for each figure of each cell; md: a table for people',
    ),
});
const TYPES = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
};

const REPORTS = { csv: csvOf, md: markdownOf };

/** A run as a file. */
@Controller('api/bench/runs')
export class BenchExportController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'get',
    path: ':id/export',
    tag: TAG,
    summary: 'A run that has ended, as a file',
    description:
      'As JSON what `boocontrol bench --out` writes; such a file that breaks off is cut, and no JSON.',
    status: 200,
    response: ResultSchema,
    alsoAs: ['text/csv', 'text/markdown'],
    responseDescription: 'The file, for download',
    errors: ['conflict', ...ERRORS],
    passesOn: [calls.benchRun],
  })
  async export(
    @ParamOf('id', BenchIdSchema.shape.id) id: string,
    @QueryOf(FormatSchema) { format }: z.output<typeof FormatSchema>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const detail = await askService(this.client, calls.benchRun, { id }, QUESTION);
    const result = resultOf(detail);
    await reply
      .header('content-disposition', `attachment; filename="${fileName(detail.run, format)}"`)
      .type(TYPES[format])
      .send(
        format === 'json' ? Readable.from(jsonText(result, this.samplesOf(id))) : REPORTS[format](result),
      );
  }

  private samplesOf(id: string): AsyncIterable<z.output<typeof calls.benchSamples.reply>> {
    return everyPage((cursor) =>
      askService(this.client, calls.benchSamples, { id, limit: SAMPLES_OF_A_PAGE, cursor }, QUESTION),
    );
  }
}
