import { Readable } from 'node:stream';
import { ActivityQuerySchema, calls, type ActivityPage, type ActivityRow } from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { QueryOf, Route } from '../http/route.js';
import { askService, PASSED_ON_ERRORS } from '../rpc/ask-service.js';
import { everyPage } from '../rpc/every-page.js';
import { csvText, jsonlText, markdownText } from './activity-export.js';
import { FLEET_STATE } from './fleet-state.js';

/** The most that a page may have: of a hundred thousand rows no more are held. */
const ROWS_OF_A_PAGE = 500;

const ExportQuerySchema = ActivityQuerySchema.omit({ limit: true, cursor: true }).extend({
  format: z
    .enum(['csv', 'jsonl', 'md'])
    .default('csv')
    .describe(
      'csv: a line for each request; jsonl: each as GET /api/activity has it, in a line of its own; md: a table for people',
    ),
});
const TYPES = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
};
const TEXTS = { csv: csvText, jsonl: jsonlText, md: markdownText };

/** The list of requests as a file. */
@Controller('api/activity')
export class ActivityExportController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'get',
    path: 'export',
    tag: 'history',
    summary: 'Requests that the hosts have answered, as a file',
    description:
      'All that the filters let through, newest first, however many. A file that cannot be told to its end is cut: the connection breaks off.',
    status: 200,
    alsoAs: ['text/csv', 'application/jsonl', 'text/markdown'],
    responseDescription: 'The file, for download',
    errors: PASSED_ON_ERRORS,
  })
  async export(
    @QueryOf(ExportQuerySchema) { format, ...filter }: z.output<typeof ExportQuerySchema>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const pages = everyPage((cursor) => this.page({ ...filter, limit: ROWS_OF_A_PAGE, cursor }));
    // What is wrong with the question is answered before there is a file.
    const first = await pages.next();
    await reply
      .header('content-disposition', `attachment; filename="activity.${format}"`)
      .type(TYPES[format])
      .send(Readable.from(TEXTS[format](rowsOf(first, pages))));
  }

  private page(query: z.output<typeof ActivityQuerySchema>): Promise<ActivityPage> {
    return askService(this.client, calls.activity, query, FLEET_STATE);
  }
}

async function* rowsOf(
  first: IteratorResult<ActivityPage, void>,
  pages: AsyncIterable<ActivityPage>,
): AsyncGenerator<readonly ActivityRow[]> {
  if (first.done === true) return;
  yield first.value.rows;
  for await (const { rows } of pages) yield rows;
}
