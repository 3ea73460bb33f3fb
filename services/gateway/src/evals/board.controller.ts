import {
  calls,
  CompareEvalsSchema,
  LeaderboardQuerySchema,
  LeaderboardSchema,
  type EvalComparison,
  type EvalSandboxes,
  type Leaderboard,
} from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { QueryOf, Route } from '../http/route.js';
import { askService } from '../rpc/ask-service.js';
import { leaderboardCsv, leaderboardMarkdown } from './board-export.js';
import { ERRORS, QUESTION, TAG } from './evals-service.js';

const ExportSchema = LeaderboardQuerySchema.extend({
  format: z
    .enum(['json', 'csv', 'md'])
    .default('json')
    .describe('json: as GET /api/evals/leaderboard; csv: a line for each score; md: a table for people'),
});
const FILES = {
  json: { type: 'application/json; charset=utf-8', text: (board: Leaderboard) => JSON.stringify(board) },
  csv: { type: 'text/csv; charset=utf-8', text: leaderboardCsv },
  md: { type: 'text/markdown; charset=utf-8', text: leaderboardMarkdown },
};
/** Looks through the samples of two runs. */
const COMPARED = { ...QUESTION, timeoutMs: 30_000 };

/** Who is better at what: asked of the evals service. */
@Controller('api/evals')
export class EvalBoardController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'get',
    path: 'leaderboard',
    tag: TAG,
    summary: 'Scores of every model of every host, with their intervals',
    status: 200,
    response: LeaderboardSchema,
    responseDescription: 'A row for each model of each host that a whole run has measured',
    errors: ERRORS,
  })
  leaderboard(
    @QueryOf(LeaderboardQuerySchema) query: z.output<typeof LeaderboardQuerySchema>,
  ): Promise<Leaderboard> {
    return askService(this.client, calls.evalLeaderboard, query, COMPARED);
  }

  @Route({
    method: 'get',
    path: 'leaderboard/export',
    tag: TAG,
    summary: 'The leaderboard as a file',
    status: 200,
    response: LeaderboardSchema,
    alsoAs: ['text/csv', 'text/markdown'],
    responseDescription: 'The file, for download',
    errors: ERRORS,
  })
  async export(
    @QueryOf(ExportSchema) { format, ...query }: z.output<typeof ExportSchema>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const board = await askService(this.client, calls.evalLeaderboard, query, COMPARED);
    const { type, text } = FILES[format];
    await reply
      .header('content-disposition', `attachment; filename="leaderboard.${format}"`)
      .type(type)
      .send(text(board));
  }

  @Route({
    method: 'get',
    path: 'compare',
    tag: TAG,
    summary: 'Two runs of the same version of a suite, item by item',
    status: 200,
    response: calls.compareEvals.reply,
    responseDescription: 'Which is better, and how sure that is',
    errors: ERRORS,
    passesOn: [calls.compareEvals],
  })
  compare(@QueryOf(CompareEvalsSchema) query: z.output<typeof CompareEvalsSchema>): Promise<EvalComparison> {
    return askService(this.client, calls.compareEvals, query, COMPARED);
  }

  @Route({
    method: 'get',
    path: 'sandboxes',
    tag: TAG,
    summary: 'Where code of models may run on this machine',
    status: 200,
    response: calls.evalSandboxes.reply,
    responseDescription: 'Those in use, and why the others are not',
    errors: ERRORS,
  })
  sandboxes(): Promise<EvalSandboxes> {
    return askService(this.client, calls.evalSandboxes, {}, QUESTION);
  }
}
