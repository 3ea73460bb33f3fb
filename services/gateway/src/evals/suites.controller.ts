import {
  calls,
  EvalSuiteNameSchema,
  EvalSuitesSchema,
  ImportEvalSuiteSchema,
  RetireEvalItemSchema,
  type EvalSuiteDetail,
  type EvalSuiteHead,
  type EvalSuites,
  type ImportedEvalSuite,
} from '@boocontrol/contracts';
import { RpcClient } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { ApiError } from '../http/errors.js';
import { BodyOf, ParamOf, QueryOf, Route, SourceOf } from '../http/route.js';
import { askService } from '../rpc/ask-service.js';
import { everyPage } from '../rpc/every-page.js';
import { BODY_ERRORS, COMMAND, ERRORS, QUESTION, TAG } from './evals-service.js';

const VersionSchema = calls.evalSuite.request.pick({ hash: true });
const SaveSchema = calls.saveEvalSuite.request.meta({ id: 'SaveEvalSuite' });

/** What is asked: passed on to the evals service. */
@Controller('api/evals/suites')
export class EvalSuitesController {
  constructor(@Inject(RpcClient) private readonly client: RpcClient) {}

  @Route({
    method: 'get',
    path: '',
    tag: TAG,
    summary: 'Suites that measure quality, those that came with the program included',
    status: 200,
    response: EvalSuitesSchema,
    responseDescription: 'The newest version of each, by name; all of them, on one page',
    errors: ERRORS,
  })
  async list(): Promise<EvalSuites> {
    const pages = everyPage((cursor) => askService(this.client, calls.evalSuites, { cursor }, QUESTION));
    const all: EvalSuites = { suites: [], problems: [], nextCursor: null };
    for await (const { suites, problems } of pages) {
      all.suites.push(...suites);
      all.problems = problems;
    }
    return all;
  }

  @Route({
    method: 'get',
    path: ':name',
    tag: TAG,
    summary: 'One version of a suite with its items',
    status: 200,
    response: calls.evalSuite.reply,
    responseDescription: 'The newest one, or that of the hash',
    errors: ERRORS,
    passesOn: [calls.evalSuite],
  })
  one(
    @ParamOf('name', EvalSuiteNameSchema) name: string,
    @QueryOf(VersionSchema) { hash }: z.output<typeof VersionSchema>,
  ): Promise<EvalSuiteDetail> {
    return askService(this.client, calls.evalSuite, { name, hash }, QUESTION);
  }

  @Route({
    method: 'put',
    path: ':name',
    tag: TAG,
    summary: 'Store a suite; one of the same name gets a new version',
    description:
      'What it is called and described as makes no version. Runs that are under way go on with what they began with. `ifHash` is the version that was edited: when another one is there by now it is `suite_changed`, with its hash in the details. A suite of a file is changed in the file.',
    status: 200,
    largeBody: true,
    response: calls.saveEvalSuite.reply,
    responseDescription: 'Stored',
    errors: BODY_ERRORS,
    passesOn: [calls.saveEvalSuite],
  })
  save(
    @ParamOf('name', EvalSuiteNameSchema) name: string,
    @BodyOf(SaveSchema) body: z.output<typeof SaveSchema>,
  ): Promise<EvalSuiteHead> {
    if (body.suite.name !== name) {
      const problem = {
        path: 'suite.name',
        message: `is “${body.suite.name}”, and the path says “${name}”: make them the same`,
      };
      throw new ApiError('validation', `The body is not valid. ${problem.path} ${problem.message}`, [
        problem,
      ]);
    }
    return askService(this.client, calls.saveEvalSuite, body, COMMAND);
  }

  @Route({
    method: 'delete',
    path: ':name',
    tag: TAG,
    summary: 'Remove a suite that has no runs',
    description: 'One that came with the program and was changed is what it was at first.',
    status: 204,
    responseDescription: 'Removed',
    errors: ERRORS,
    passesOn: [calls.removeEvalSuite],
  })
  async remove(@ParamOf('name', EvalSuiteNameSchema) name: string): Promise<void> {
    await askService(this.client, calls.removeEvalSuite, { name }, COMMAND);
  }

  @Route({
    method: 'post',
    path: ':name/retire',
    tag: TAG,
    summary: 'Ask an item no more, or take that back',
    description:
      'It leaves every score of this version, those of earlier runs as well. Without a reason (null) it is asked again.',
    status: 200,
    response: calls.retireEvalItem.reply,
    responseDescription: 'The suite, with the items that are retired by now',
    errors: BODY_ERRORS,
    passesOn: [calls.retireEvalItem],
  })
  retire(
    @ParamOf('name', EvalSuiteNameSchema) name: string,
    @BodyOf(RetireEvalItemSchema) body: z.output<typeof RetireEvalItemSchema>,
    @SourceOf() source: string,
  ): Promise<EvalSuiteHead> {
    return askService(this.client, calls.retireEvalItem, { ...body, name, source }, COMMAND);
  }

  @Route({
    method: 'post',
    path: 'import',
    tag: TAG,
    summary: 'Make a suite of a file of tasks',
    description:
      'Of JSON Lines with an item a line, or files in the style of HumanEval, MBPP and GSM8K. What cannot be graded here is left out, and said with its line. Nothing is downloaded.',
    status: 201,
    largeBody: true,
    response: calls.importEvalSuite.reply,
    responseDescription: 'The suite, and what was left out',
    errors: BODY_ERRORS,
    passesOn: [calls.importEvalSuite],
  })
  import(
    @BodyOf(ImportEvalSuiteSchema) body: z.output<typeof ImportEvalSuiteSchema>,
  ): Promise<ImportedEvalSuite> {
    return askService(this.client, calls.importEvalSuite, body, COMMAND);
  }
}
