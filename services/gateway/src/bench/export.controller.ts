import { Readable } from 'node:stream';
import { BenchIdSchema, calls, ResultSchema } from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ParamOf, QueryOf, Route } from '../http/route.js';
import { askService } from '../rpc/ask-service.js';
import { ERRORS, QUESTION, TAG } from './bench-service.js';
import { everyPage } from './every-page.js';
import { fileName, jsonText, resultOf } from './export.js';

const SAMPLES_OF_A_PAGE = 500;
const FormatSchema = z.strictObject({
  format: z.enum(['json']).default('json').describe('json: everything, every request included'),
});

/** A run as a file. */
@Controller('api/bench/runs')
export class BenchExportController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'get',
    path: ':id/export',
    tag: TAG,
    summary: 'A run that has ended, as a file',
    description: 'As `boocontrol bench --out` writes it. A file that breaks off is cut, and no JSON.',
    status: 200,
    response: ResultSchema,
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
    const pages = everyPage((cursor) =>
      askService(this.client, calls.benchSamples, { id, limit: SAMPLES_OF_A_PAGE, cursor }, QUESTION),
    );
    const text = jsonText(resultOf(detail), pages);
    await reply
      .header('content-disposition', `attachment; filename="${fileName(detail.run, format)}"`)
      .type('application/json; charset=utf-8')
      .send(Readable.from(text));
  }
}
